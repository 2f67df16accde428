import { CodepaktError } from '@codepakt/contract/light';
import { MIGRATIONS } from './migrations.ts';

/** What of a database runs by itself. */
export interface SchemaCode {
  name: string;
  type: string;
  sql: string;
}

export const SCHEMA_CODE =
  "SELECT name, type, sql FROM sqlite_schema WHERE type IN ('trigger', 'view') ORDER BY name";

/**
 * By name, each as a migration writes it: a name alone says nothing of what a trigger does. Of one that
 * a later migration writes anew all texts, since boards and backups of earlier versions have the former.
 */
const OUR_TRIGGERS = new Map<string, Set<string>>();
for (const { sql } of MIGRATIONS) {
  for (const [text, name = ''] of sql.matchAll(/^CREATE TRIGGER (\w+)[\s\S]*?^END(?=;)/gm)) {
    OUR_TRIGGERS.set(name, (OUR_TRIGGERS.get(name) ?? new Set()).add(text));
  }
}

/**
 * A trigger or view that is not ours could change what our statements do.
 * @throws CodepaktError `database_foreign`
 */
export function refuseForeignCode(file: string, found: readonly SchemaCode[]): void {
  const foreign = found.filter(({ name, sql }) => OUR_TRIGGERS.get(name)?.has(sql) !== true);
  if (foreign.length === 0) return;
  const names = foreign.map(({ name, type }) => `${type} ${name}`).join(', ');
  throw new CodepaktError('database_foreign', `${file} holds code that is not ours: ${names}`, {
    hint: 'Somebody changed this database; restore a backup, or drop these by hand if you know them.',
  });
}

/** The names of our triggers that a database of the newest version lacks. */
export function missingTriggers(found: readonly SchemaCode[]): string[] {
  const names = new Set(found.map(({ name }) => name));
  return [...OUR_TRIGGERS.keys()].filter((name) => !names.has(name));
}
