import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { CodepaktError } from '@codepakt/contract';
import { Database, type DatabaseOptions } from './database.ts';
import { migrate } from './migrate.ts';
import { APPLICATION_ID } from './migrations.ts';
import { refuseUnsafePlace } from './network-file-system.ts';
import { raw } from './raw.ts';

export type DatabaseKind = 'ours' | 'legacy' | 'empty' | 'foreign';

/** Before 3.51.3 two connections could damage a database at a WAL checkpoint (sqlite.org/wal.html). */
const SAFE_SQLITE = [3, 51, 3] as const;
const PATCHED_SQLITE = ['3.50.7', '3.44.6'];

/**
 * Opens a board's database: checks whose it is, brings it to the newest version, sets it up.
 * @throws CodepaktError `database_legacy`, `database_foreign`, `database_newer`, `database_damaged`,
 * `database_unsafe`, `read_only`, `busy`, `project_not_found`; the file is left as it was.
 */
export function openDatabase(file: string, options: DatabaseOptions): Database {
  refuseUnsafePlace(file);
  if (!existsSync(file)) {
    throw new CodepaktError('project_not_found', `${file} is not there`, {
      hint: 'Run `cpk init` in the project, or restore the file from a backup.',
    });
  }
  const db = new Database(file, options);
  try {
    requireSafeSqlite(db);
    refuseUnlessOurs(db, kindOf(db));
    setUp(db, options);
    migrate(db);
    refuseForeignCode(db);
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
    requireSafeSqlite(db);
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

function refuseUnlessOurs(db: Database, kind: DatabaseKind): void {
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
    hint: 'Move it away, then run `cpk init`; it was not touched.',
  });
}

function setUp(db: Database, options: DatabaseOptions): void {
  db.pragma('journal_mode = WAL');
  db.pragma('foreign_keys = ON');
  db.pragma('trusted_schema = OFF');
  // An answer that reached a client survives a power cut; better-sqlite3's build says NORMAL for WAL.
  db.pragma('synchronous = FULL');
  // Savepoints keep what they may have to undo in memory instead of in a temporary file.
  db.pragma('temp_store = MEMORY');
  if (!options.auto_checkpoint) db.pragma('wal_autocheckpoint = 0');
}

/** A trigger or view that is not ours could change what our statements do. */
function refuseForeignCode(db: Database): void {
  const found = db.all(
    raw<{ name: string; type: string }>`
      SELECT name, type FROM sqlite_schema WHERE type IN ('trigger', 'view') ORDER BY name`,
  );
  const foreign = found.filter(({ name, type }) => type === 'view' || !OUR_TRIGGERS.has(name));
  if (foreign.length === 0) return;
  const names = foreign.map(({ name, type }) => `${type} ${name}`).join(', ');
  throw new CodepaktError('database_foreign', `${db.file} holds code that is not ours: ${names}`, {
    hint: 'Somebody changed this database; restore a backup, or drop these by hand if you know them.',
  });
}

const OUR_TRIGGERS = new Set([
  'task_counts_insert',
  'task_counts_update',
  'tasks_fts_insert',
  'tasks_fts_update',
  'events_keep',
  'events_stay',
  'docs_fts_insert',
  'docs_fts_update',
  'docs_fts_delete',
]);

function requireSafeSqlite(db: Database): void {
  const { version } = db.first(raw<{ version: string }>`SELECT sqlite_version() AS version`) ?? {
    version: '0',
  };
  if (isSafeSqlite(version)) return;
  throw new CodepaktError(
    'database_unsafe',
    `SQLite ${version} can damage a database at WAL checkpoints`,
    { hint: `codepakt needs SQLite ${SAFE_SQLITE.join('.')} or newer: reinstall codepakt.` },
  );
}

/** Whether a version of SQLite is free of the defect at WAL checkpoints. */
export function isSafeSqlite(version: string): boolean {
  if (PATCHED_SQLITE.includes(version)) return true;
  const parts = version.split('.').map(Number);
  for (const [index, least] of SAFE_SQLITE.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

/** The size of a file in bytes; 0 when it is not there. */
export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}
