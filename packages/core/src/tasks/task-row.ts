import {
  PRIORITIES,
  type Priority,
  TASK_FIELDS,
  type Task,
  type TaskNote,
} from '@codepakt/contract';
import type { TaskRow } from '../database/schema.ts';
import { readStoredJson } from '../database/stored-json.ts';
import { taskId } from '../ids.ts';

/** What belongs to a task but lies in other tables; numbers, not ids. */
export interface TaskParts {
  depends_on: number[];
  waits_for: number[];
  notes: TaskNote[];
}

type Convert<Value> = (row: TaskRow, parts: TaskParts, now: string) => Value;

/** How each field of a task comes out of its row. */
const FIELDS: { [Field in keyof Task]: Convert<Task[Field]> } = {
  id: (row) => taskId(row.id),
  title: (row) => row.title,
  description: (row) => row.description,
  status: (row) => row.status,
  hold: (row) => row.hold === 1,
  priority: (row) => toPriority(row.priority),
  assignee: (row) => row.assignee,
  epic: (row) => row.epic,
  tags: (row) => toList(row.tags),
  capabilities: (row) => toList(row.capabilities),
  touches: (row) => toList(row.touches),
  depends_on: (_, parts) => parts.depends_on.map(taskId),
  deps_met: (row) => row.unmet === 0,
  waits_for: (_, parts) => parts.waits_for.map(taskId),
  verify: (row) => row.verify,
  acceptance_criteria: (row) => toList(row.acceptance_criteria),
  context_refs: (row) => toList(row.context_refs),
  notes: (_, parts) => parts.notes,
  blocker_reason: (row) => row.blocker_reason,
  claim: (row) => row.claim,
  lease_expires_at: (row) => row.lease_expires_at,
  lease_expired: (row, _, now) => row.lease_expires_at !== null && row.lease_expires_at <= now,
  expiries: (row) => row.expiries,
  completed_by: (row) => row.completed_by,
  reviewed_by: (row) => row.reviewed_by,
  version: (row) => row.version,
  created_at: (row) => row.created_at,
  updated_at: (row) => row.updated_at,
  started_at: (row) => row.started_at,
  completed_at: (row) => row.completed_at,
  legacy_id: (row) => row.legacy_id,
};

/** Some fields of a task; its row needs to hold only the columns behind them. */
export function pickFields(
  fields: readonly (keyof Task)[],
  row: TaskRow,
  parts: TaskParts,
  now: string,
): Partial<Task> {
  return Object.fromEntries(fields.map((field) => [field, FIELDS[field](row, parts, now)]));
}

/** A task as it leaves the database. `now` decides whether its lease has run out. */
export function toTask(row: TaskRow, parts: TaskParts, now: string): Task {
  return pickFields(TASK_FIELDS, row, parts, now) as Task;
}

/** `P0` of 0. */
export function toPriority(rank: number): Priority {
  return PRIORITIES[rank] ?? 'P2';
}

/** 0 of `P0`. */
export function toRank(priority: Priority): number {
  return PRIORITIES.indexOf(priority);
}

/** A list out of its JSON text. */
export function toList(json: string): string[] {
  return json === '[]' ? [] : readStoredJson<string[]>(json);
}

/** A list as JSON text: each entry once, in the order given. */
export function fromList(list: readonly string[]): string {
  return JSON.stringify([...new Set(list)]);
}
