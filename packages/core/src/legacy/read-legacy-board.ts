import type { Database } from '../database/database.ts';
import { raw } from '../database/raw.ts';

/** A row as it stands in an old database, whatever columns its version has. */
export type LegacyRow = Record<string, unknown>;

/**
 * The layouts there were, told by tables and columns: two different ones call themselves version 3.
 * `v3-code` brought the code index, `v3-tags` the tags of a task; a file may have both.
 */
export type LegacyLayout = 'empty' | 'v1' | 'v2' | 'v3-code' | 'v3-tags' | 'v3-code-tags';

/** Everything in an old database but its code index, which a scan makes anew; in the order of writing. */
export interface LegacyBoard {
  layout: LegacyLayout;
  /** What the file itself says; null when it says nothing. */
  version: number | null;
  tasks: LegacyRow[];
  agents: LegacyRow[];
  events: LegacyRow[];
  docs: LegacyRow[];
}

export function readLegacyBoard(db: Database): LegacyBoard {
  const tables = new Set(
    db
      .all(raw<{ name: string }>`SELECT name FROM sqlite_schema WHERE type = 'table'`)
      .map(({ name }) => name),
  );
  const rows = (table: (typeof TABLES)[number]) =>
    tables.has(table) ? db.all<LegacyRow>(ALL_ROWS[table]) : [];
  return {
    layout: layoutOf(db, tables),
    version: tables.has('schema_version') ? versionOf(db) : null,
    tasks: rows('tasks'),
    agents: rows('agents'),
    events: rows('events'),
    docs: rows('docs'),
  };
}

const TABLES = ['tasks', 'agents', 'events', 'docs'] as const;

// The row id follows the order of insertion; the times have whole seconds only.
const ALL_ROWS = {
  tasks: raw<LegacyRow>`SELECT * FROM tasks ORDER BY rowid`,
  agents: raw<LegacyRow>`SELECT * FROM agents ORDER BY rowid`,
  events: raw<LegacyRow>`SELECT * FROM events ORDER BY rowid`,
  docs: raw<LegacyRow>`SELECT * FROM docs ORDER BY rowid`,
};

function layoutOf(db: Database, tables: ReadonlySet<string>): LegacyLayout {
  if (!tables.has('tasks')) return 'empty';
  const has = (table: string, column: string) =>
    db.pragmaRows(`table_info(${table})`).some(({ name }) => name === column);
  const hasCode = tables.has('symbols');
  if (has('tasks', 'tags')) return hasCode ? 'v3-code-tags' : 'v3-tags';
  if (hasCode) return 'v3-code';
  return has('agents', 'current_task_id') ? 'v2' : 'v1';
}

function versionOf(db: Database): number | null {
  const row = db.first(
    raw<{ version: unknown }>`SELECT max(version) AS version FROM schema_version`,
  );
  return typeof row?.version === 'number' ? row.version : null;
}
