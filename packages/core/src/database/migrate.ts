import { backUp } from './backup.ts';
import { type Database, sqlBuilder } from './database.ts';
import {
  APPLICATION_ID,
  MIGRATIONS,
  type Migration,
  SCHEMA_VERSION_TABLE,
  tooNew,
} from './migrations.ts';
import { raw } from './raw.ts';

/**
 * Brings a database to the newest version, each step in a transaction of its own, after a backup
 * kept beside the file. Safe to run from several processes at once.
 * @throws CodepaktError `database_newer` when a later codepakt wrote it.
 */
export function migrate(
  db: Database,
  migrations: readonly Migration[] = MIGRATIONS,
  { keeps_old = true }: { keeps_old?: boolean } = {},
): void {
  const newest = migrations.at(-1)?.version ?? 0;
  const found = versionOf(db);
  if (found === newest) return;
  if (found > newest) throw tooNew(db.file, found, newest);
  if (found > 0 && keeps_old) backUp(db, `v${found}`);
  for (const migration of migrations) apply(db, migration);
}

/** The version of a database of ours; 0 when it has no tables yet. */
export function versionOf(db: Database): number {
  const exists = db.first(
    raw<{ name: string }>`SELECT name FROM sqlite_schema WHERE name = 'schema_version'`,
  );
  if (exists === undefined) return 0;
  const { newest } = db.first(
    sqlBuilder.selectFrom('schema_version').select((e) => e.fn.max('version').as('newest')),
  ) ?? { newest: 0 };
  return newest ?? 0;
}

function apply(db: Database, migration: Migration): void {
  db.transaction(() => {
    if (versionOf(db) >= migration.version) return;
    db.exec(SCHEMA_VERSION_TABLE);
    db.exec(migration.sql);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.run(
      sqlBuilder.insertInto('schema_version').values({
        version: migration.version,
        applied_at: new Date().toISOString(),
      }),
    );
  });
}
