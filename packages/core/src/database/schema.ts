import type { DocType, Status } from '@codepakt/contract';
import type { ColumnType, Generated, GeneratedAlways, Insertable, Selectable } from 'kysely';

/**
 * The tables as TypeScript sees them. Ids are plain integers here (`T-001` is 1), priorities too
 * (`P0` is 0), so that indexes order as people count; `task-row.ts` and its kin convert.
 * Columns named `…[]` in the domain hold JSON text.
 */
export interface Tables {
  projects: ProjectsTable;
  tasks: TasksTable;
  task_dependencies: TaskDependenciesTable;
  task_notes: TaskNotesTable;
  task_counts: TaskCountsTable;
  tasks_fts: TasksFtsTable;
  agents: AgentsTable;
  events: EventsTable;
  docs: DocsTable;
  docs_fts: DocsFtsTable;
  idempotency_keys: IdempotencyKeysTable;
  metadata: MetadataTable;
  schema_version: SchemaVersionTable;
}

interface ProjectsTable {
  id: string;
  name: string;
  description: string | null;
  settings: string;
  created_at: string;
}

interface TasksTable {
  id: Generated<number>;
  title: string;
  status: Status;
  hold: Generated<number>;
  priority: number;
  assignee: string | null;
  epic: string | null;
  tags: Generated<string>;
  capabilities: Generated<string>;
  touches: Generated<string>;
  /** How many dependencies are not met. */
  unmet: Generated<number>;
  deps_met: GeneratedAlways<number>;
  claim: Generated<number>;
  lease_seconds: number | null;
  lease_expires_at: string | null;
  expiries: Generated<number>;
  completed_by: string | null;
  reviewed_by: string | null;
  version: Generated<number>;
  created_at: string;
  updated_at: string;
  started_at: string | null;
  completed_at: string | null;
  legacy_id: string | null;
  blocker_reason: string | null;
  verify: string | null;
  acceptance_criteria: Generated<string>;
  context_refs: Generated<string>;
  description: string | null;
}

export type TaskRow = Selectable<TasksTable>;
export type NewTaskRow = Insertable<TasksTable>;

interface TaskDependenciesTable {
  task_id: number;
  depends_on: number;
}

interface TaskNotesTable {
  id: Generated<number>;
  task_id: number;
  agent: string | null;
  body: string;
  created_at: string;
}

/** Kept by triggers, so that counting a board costs nothing. */
interface TaskCountsTable {
  status: Status;
  hold: number;
  count: number;
}

interface TasksFtsTable {
  rowid: number;
  tasks_fts: string;
  title: string;
  description: string | null;
}

interface AgentsTable {
  name: string;
  last_seen: string;
}

interface EventsTable {
  /** `null` gives it the next one. */
  id: ColumnType<number, number | null, never>;
  task_id: number | null;
  doc_id: number | null;
  agent: string | null;
  action: string;
  version: number | null;
  detail: string;
  created_at: string;
  /** See `event-checksum.ts`. */
  checksum: number | null;
}

export type EventRow = Selectable<EventsTable>;

interface DocsTable {
  id: Generated<number>;
  type: DocType;
  title: string;
  section: string | null;
  tags: Generated<string>;
  author: string | null;
  version: Generated<number>;
  created_at: string;
  updated_at: string;
  legacy_id: string | null;
  body: string;
}

export type DocRow = Selectable<DocsTable>;

interface DocsFtsTable {
  rowid: number;
  docs_fts: string;
  title: string;
  tags: string;
  body: string;
}

interface IdempotencyKeysTable {
  key: string;
  fingerprint: string;
  response: string;
  created_at: string;
  checksum: number | null;
}

interface MetadataTable {
  key: string;
  value: string;
}

interface SchemaVersionTable {
  version: number;
  applied_at: string;
}
