import { CodepaktError, type ErrorCode } from '@codepakt/contract';
import { sql } from 'kysely';
import type { Database } from '../database/database.ts';
import {
  missingTriggers,
  refuseForeignCode,
  SCHEMA_CODE,
  type SchemaCode,
} from '../database/foreign-code.ts';
import { versionOf } from '../database/migrate.ts';
import { NEWEST_VERSION, tooNew } from '../database/migrations.ts';
import { kindOf, refuseUnlessOurs } from '../database/open-database.ts';
import { raw } from '../database/raw.ts';
import { requireSafeSqlite } from '../database/safe-sqlite.ts';
import { toEnd } from '../to-end.ts';
import { findDamage } from './find-damage.ts';
import { type Finding, failure, ok, warning } from './finding.ts';

const CHECK = 'database';
/** Clocks of one machine are set, but not by so much. */
const AHEAD_MS = 60_000;

/** What is wrong with what is in a board's database. Nothing is written. `restore` looks for the way back. */
export function examineContent(db: Database, restore: () => string, now: number): Finding[] {
  const version = db.first(raw<{ version: string }>`SELECT sqlite_version() AS version`)?.version;
  try {
    requireSafeSqlite(version);
    refuseUnlessOurs(db, kindOf(db));
    const found = versionOf(db);
    if (found > NEWEST_VERSION) throw tooNew(db.file, found);
    const code = db.all(raw<SchemaCode>`${sql.raw(SCHEMA_CODE)}`);
    refuseForeignCode(db.file, code);
    const missing = found === NEWEST_VERSION ? missingTriggers(code).join(', ') : '';
    if (missing !== '') return [failure(CHECK, `${db.file} lacks trigger ${missing}`, restore())];
    const damage = toEnd(findDamage(db));
    if (damage !== undefined) return [failure(CHECK, damage, restore())];
    return [describe(db, found, version ?? ''), ...examineClock(db, now)];
  } catch (error) {
    return [explain(error, restore)];
  }
}

/** What kept a database from being read, with what to do. */
export function explain(error: unknown, restore: () => string): Finding {
  if (error instanceof CodepaktError) {
    const { code, message, hint = '' } = error;
    return failure(CHECK, message, mendOf(code, restore) ?? hint);
  }
  // Where damage hits a table's name, SQLite says no more than that it finds no such table.
  const message = error instanceof Error ? error.message : String(error);
  return failure(CHECK, `the database can't be read: ${message}`, restore());
}

function mendOf(code: ErrorCode, restore: () => string): string | undefined {
  if (code === 'database_damaged') return restore();
  if (code === 'database_legacy') return 'cpk init';
  const isOld = code === 'database_newer' || code === 'database_unsafe';
  return isOld ? 'npm install --global codepakt@latest' : undefined;
}

function describe(db: Database, version: number, sqlite: string): Finding {
  const older =
    version < NEWEST_VERSION
      ? `, which the next command brings to ${NEWEST_VERSION} after a backup`
      : '';
  return ok(CHECK, `${db.file} is whole: version ${version}${older}, SQLite ${sqlite}`);
}

/** The log knows a time that was: whatever is before it now is wrong. */
function examineClock(db: Database, now: number): Finding[] {
  const newest = db.first(raw<{ at: string | null }>`SELECT max(created_at) AS at FROM events`)?.at;
  const ahead = newest == null ? 0 : Date.parse(newest) - now;
  if (!(ahead > AHEAD_MS)) return [];
  const minutes = Math.round(ahead / 60_000);
  const message = `the newest event is ${minutes} min ahead of this machine's clock: leases end at the wrong time`;
  return [warning('clock', message, 'set the clock: timedatectl set-ntp true')];
}
