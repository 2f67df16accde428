import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { CodepaktError } from '@codepakt/contract';
import { sql } from 'kysely';
import { Database, type DatabaseOptions } from './database.ts';
import { refuseForeignCode, SCHEMA_CODE, type SchemaCode } from './foreign-code.ts';
import { migrate } from './migrate.ts';
import { APPLICATION_ID } from './migrations.ts';
import { refuseUnsafePlace } from './network-file-system.ts';
import { raw } from './raw.ts';
import { requireSafeSqlite } from './safe-sqlite.ts';
import { databaseAbsent, FOREIGN_HINT } from './sqlite-error.ts';

export type DatabaseKind = 'ours' | 'legacy' | 'empty' | 'foreign';

/**
 * Opens a board's database: checks whose it is, brings it to the newest version, sets it up.
 * @throws CodepaktError `database_legacy`, `database_foreign`, `database_newer`, `database_damaged`,
 * `database_unsafe`, `read_only`, `busy`, `project_not_found`; the file is left as it was.
 */
export function openDatabase(file: string, options: DatabaseOptions): Database {
  refuseUnsafePlace(file);
  if (!existsSync(file)) throw databaseAbsent(file);
  const db = new Database(file, options);
  try {
    requireSafeSqlite(versionOfSqlite(db));
    refuseUnlessOurs(db, kindOf(db));
    setUp(db, options);
    migrate(db);
    refuseForeignCode(file, db.all(raw<SchemaCode>`${sql.raw(SCHEMA_CODE)}`));
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Makes a new database for a board; the file must not exist, or be empty of tables. */
export function createDatabase(file: string, options: DatabaseOptions): Database {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  refuseUnsafePlace(file);
  // Made here and not by SQLite, so that nobody else may read it for a moment; WAL files inherit it.
  if (!existsSync(file)) closeSync(openSync(file, 'wx', 0o600));
  const db = new Database(file, options);
  try {
    requireSafeSqlite(versionOfSqlite(db));
    const kind = kindOf(db);
    if (kind !== 'empty') refuseUnlessOurs(db, kind);
    setUp(db, options);
    migrate(db);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Opens a database anew, after what its WAL holds was written back. */
export function reopenDatabase(db: Database): void {
  db.reopen();
  setUp(db, db.options);
}

/** Whose database a file is, told by its columns: two different old layouts call themselves version 3. */
export function kindOf(db: Database): DatabaseKind {
  const tables = db
    .all(raw<{ name: string }>`SELECT name FROM sqlite_schema WHERE type = 'table'`)
    .map(({ name }) => name);
  if (db.pragma('application_id') === APPLICATION_ID) return 'ours';
  if (tables.length === 0) return 'empty';
  const columns = db.pragmaRows('table_info(tasks)').map(({ name }) => name);
  return columns.includes('task_number') && tables.includes('events') ? 'legacy' : 'foreign';
}

/** @throws CodepaktError `database_legacy`, `database_foreign` */
export function refuseUnlessOurs(db: Database, kind: DatabaseKind): void {
  if (kind === 'ours') return;
  if (kind === 'legacy') {
    throw new CodepaktError('database_legacy', `${db.file} was written by codepakt 0.1 or 0.2`, {
      hint: 'Run `cpk init` here: it carries the board over and keeps a backup.',
    });
  }
  if (kind === 'empty') {
    throw new CodepaktError('database_legacy', `${db.file} is a database without tables`, {
      hint: 'Run `cpk init` here: it starts a new board in it.',
    });
  }
  throw new CodepaktError('database_foreign', `${db.file} is not a database of codepakt`, {
    hint: FOREIGN_HINT,
  });
}

/** Of the library that is at work. */
export function versionOfSqlite(db: Database): string | undefined {
  return db.first(raw<{ version: string }>`SELECT sqlite_version() AS version`)?.version;
}

function setUp(db: Database, options: DatabaseOptions): void {
  db.pragma('journal_mode = WAL');
  db.pragma('foreign_keys = ON');
  db.pragma('trusted_schema = OFF');
  // An answer that reached a client survives a power cut; better-sqlite3's build says NORMAL for WAL.
  db.pragma('synchronous = FULL');
  // A quarter of what better-sqlite3's build takes: a commit that moves pages goes through all of the
  // cache, and the system holds what is read again anyway.
  db.pragma('cache_size = -4000');
  // Savepoints keep what they may have to undo in memory instead of in a temporary file.
  db.pragma('temp_store = MEMORY');
  if (!options.auto_checkpoint) db.pragma('wal_autocheckpoint = 0');
}
