import type { Database } from '../database/database.ts';
import { sqlBuilder } from '../database/database.ts';
import { versionOf } from '../database/migrate.ts';
import { NEWEST_VERSION } from '../database/migrations.ts';
import { raw } from '../database/raw.ts';
import { examineHistory } from './examine-history.ts';

export interface DamageOptions {
  /** Table by table, without the pages that none uses: for a board that others work with meanwhile. */
  piecemeal?: boolean;
}

/**
 * Reads a board through and answers what is damaged, in a sentence, or undefined. Done in slices, each
 * of one moment of the board: what others change meanwhile never looks like damage.
 */
export function* findDamage(
  db: Database,
  { piecemeal = false }: DamageOptions = {},
): Generator<undefined, string | undefined> {
  for (const table of piecemeal ? tablesOf(db) : [undefined]) {
    const broken = examineIntegrity(db, table);
    if (broken !== undefined) return broken;
    yield;
  }
  const project = db.first(sqlBuilder.selectFrom('projects').select('id'));
  if (project === undefined) return `${db.file} does not say whose it is`;
  return versionOf(db) === NEWEST_VERSION ? yield* examineHistory(db) : undefined;
}

function tablesOf(db: Database): string[] {
  return db
    .all(raw<{ name: string }>`SELECT name FROM sqlite_schema WHERE type = 'table'`)
    .map(({ name }) => name);
}

function examineIntegrity(db: Database, table: string | undefined): string | undefined {
  const of = table === undefined ? '' : `('${table.replaceAll("'", "''")}')`;
  const found = db
    .pragmaRows(`integrity_check${of}`)
    .map(({ integrity_check }) => String(integrity_check).replaceAll('\n', ' '));
  if (found[0] !== 'ok') return `${db.file} is damaged: ${found.slice(0, 3).join('; ')}`;
  const lost = db.pragmaRows(`foreign_key_check${of}`);
  if (lost.length === 0) return undefined;
  const tables = [...new Set(lost.map(({ table }) => String(table)))].join(', ');
  return `${db.file}: ${lost.length} rows refer to what is not there, in ${tables}`;
}
