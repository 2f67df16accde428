import { CodepaktError } from '@codepakt/contract';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import { refuseForeignCode, SCHEMA_CODE, type SchemaCode } from '../database/foreign-code.ts';
import { versionOf } from '../database/migrate.ts';
import { NEWEST_VERSION, tooNew } from '../database/migrations.ts';
import { kindOf } from '../database/open-database.ts';
import { raw } from '../database/raw.ts';
import { RESTORE_HINT } from '../database/sqlite-error.ts';
import { examineHistory } from '../doctor/examine-history.ts';
import { toEnd } from '../to-end.ts';

/** Whose board a database is, and how much is in it. */
export interface BoardContent {
  project: { id: string; name: string };
  schema_version: number;
  tasks: number;
  docs: number;
  /** The number of the last event, and when it happened; 0 and null without any. */
  last_event_id: number;
  last_event_at: string | null;
}

/**
 * Reads a whole database through and says what is in it; nothing is written.
 * @throws CodepaktError `database_damaged`, `database_foreign`, `database_newer`, naming `file`
 */
export function readThrough(db: Database, file = db.file): BoardContent {
  db.pragma('trusted_schema = OFF');
  const schema_version = knownVersion(db, file);
  refuseForeignCode(file, db.all(raw<SchemaCode>`${sql.raw(SCHEMA_CODE)}`));
  refuseDamaged(db, file);
  return { ...readContent(db, file), schema_version };
}

/**
 * The version of a board that this codepakt can read.
 * @throws CodepaktError `database_foreign`, `database_newer`
 */
export function knownVersion(db: Database, file = db.file): number {
  refuseOtherKinds(db, file);
  const version = versionOf(db);
  if (version > NEWEST_VERSION) throw tooNew(file, version);
  return version;
}

/** Counts what is in a database, without looking whether it is whole. */
export function readContent(db: Database, file = db.file): Omit<BoardContent, 'schema_version'> {
  const project = db.first(raw<{ id: string; name: string }>`SELECT id, name FROM projects`);
  if (project === undefined) throw damaged(file, 'it does not say whose it is');
  const counts = db.first(raw<Omit<BoardContent, 'project' | 'schema_version'>>`
    SELECT (SELECT count(*) FROM tasks) AS tasks, (SELECT count(*) FROM docs) AS docs,
      (SELECT ifnull(max(id), 0) FROM events) AS last_event_id,
      (SELECT created_at FROM events ORDER BY id DESC LIMIT 1) AS last_event_at`);
  if (counts === undefined) throw new Error('counting answers a row');
  return { project, ...counts };
}

/** @throws CodepaktError `database_foreign` */
function refuseOtherKinds(db: Database, file = db.file): void {
  const kind = kindOf(db);
  if (kind === 'ours') return;
  const what = kind === 'legacy' ? 'a database of codepakt 0.1 or 0.2' : 'no board of codepakt';
  throw new CodepaktError('database_foreign', `${file} is ${what}`, {
    hint:
      kind === 'legacy'
        ? 'As .codepakt/data.db it is carried over by `cpk init`.'
        : '`cpk backup --list` shows the backups of this board.',
  });
}

/**
 * Holds a board against its own log of events and their checksums: SQLite finds nothing wrong with a
 * text in which a byte was changed. One of an older version is not looked at.
 * @throws CodepaktError `database_damaged`, naming `file`
 */
export function refuseChanged(db: Database, file: string, hint: string): void {
  if (versionOf(db) !== NEWEST_VERSION) return;
  const found = toEnd(examineHistory(db));
  if (found === undefined) return;
  throw new CodepaktError('database_damaged', found.replace(db.file, file), { hint });
}

function refuseDamaged(db: Database, file: string): void {
  const found = db.pragma('integrity_check(1)');
  if (found !== 'ok') throw damaged(file, String(found));
  const [lost] = db.pragmaRows('foreign_key_check');
  if (lost !== undefined) throw damaged(file, `rows of ${lost.table} refer to what is not there`);
}

function damaged(file: string, what: string): CodepaktError {
  return new CodepaktError('database_damaged', `${file} is damaged: ${what}`, {
    hint: RESTORE_HINT,
  });
}
