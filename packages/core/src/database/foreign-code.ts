import { CodepaktError } from '@codepakt/contract/light';

/** What of a database runs by itself. */
export interface SchemaCode {
  name: string;
  type: string;
}

export const SCHEMA_CODE =
  "SELECT name, type FROM sqlite_schema WHERE type IN ('trigger', 'view') ORDER BY name";

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

/**
 * A trigger or view that is not ours could change what our statements do.
 * @throws CodepaktError `database_foreign`
 */
export function refuseForeignCode(file: string, found: readonly SchemaCode[]): void {
  const foreign = found.filter(({ name, type }) => type === 'view' || !OUR_TRIGGERS.has(name));
  if (foreign.length === 0) return;
  const names = foreign.map(({ name, type }) => `${type} ${name}`).join(', ');
  throw new CodepaktError('database_foreign', `${file} holds code that is not ours: ${names}`, {
    hint: 'Somebody changed this database; restore a backup, or drop these by hand if you know them.',
  });
}
