import { sql } from 'kysely';
import { readThrough } from '../backup/board-content.ts';
import { Database } from '../database/database.ts';
import { missingTriggers, SCHEMA_CODE, type SchemaCode } from '../database/foreign-code.ts';
import { migrate } from '../database/migrate.ts';
import { raw } from '../database/raw.ts';
import { toEnd } from '../to-end.ts';
import { examineHistory } from './examine-history.ts';
import { readUntouched } from './read-untouched.ts';

/**
 * The first of some backups that is whole: what was made of a damaged board is as damaged as that. Each
 * is held against its own log, brought to the newest version in memory if it is older.
 * @param id whose backup it must be; left out, anybody's
 */
export function firstWhole(backups: readonly string[], id?: string): string | undefined {
  return backups.find((file) => lookInto(file, (db) => isWhole(db, id)));
}

/** Whether a database that codepakt 0.1 or 0.2 wrote is intact, as far as SQLite can tell. */
export function isIntact(file: string): boolean {
  return lookInto(file, (db) => db.pragma('integrity_check(1)') === 'ok');
}

function isWhole(db: Database, id: string | undefined): boolean {
  const { project } = readThrough(db);
  if (id !== undefined && project.id !== id) return false;
  if (db.options.bytes !== undefined) migrate(db, undefined, { keeps_old: false });
  if (missingTriggers(db.all(raw<SchemaCode>`${sql.raw(SCHEMA_CODE)}`)).length > 0) return false;
  return toEnd(examineHistory(db)) === undefined;
}

/** What cannot be read is not as it should be. */
function lookInto(file: string, is: (db: Database) => boolean): boolean {
  try {
    const db = new Database(file, {
      busy_timeout_ms: 2_000,
      auto_checkpoint: false,
      readonly: true,
      bytes: readUntouched(file),
    });
    try {
      return is(db);
    } finally {
      db.close();
    }
  } catch {
    return false; // damaged, newer, or gone: no restore would take it
  }
}
