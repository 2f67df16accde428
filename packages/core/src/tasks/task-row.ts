import { PRIORITIES, type Priority, type Task, type TaskNote } from '@codepakt/contract';
import type { TaskRow } from '../database/schema.ts';
import { readStoredJson } from '../database/stored-json.ts';
import { taskId } from '../ids.ts';

/** What belongs to a task but lies in other tables; numbers, not ids. */
export interface TaskParts {
  depends_on: number[];
  waits_for: number[];
  notes: TaskNote[];
}

/** A task as it leaves the database. `now` decides whether its lease has run out. */
export function toTask(row: TaskRow, parts: TaskParts, now: string): Task {
  return {
    id: taskId(row.id),
    title: row.title,
    description: row.description,
    status: row.status,
    hold: row.hold === 1,
    priority: toPriority(row.priority),
    assignee: row.assignee,
    epic: row.epic,
    tags: toList(row.tags),
    capabilities: toList(row.capabilities),
    touches: toList(row.touches),
    depends_on: parts.depends_on.map(taskId),
    deps_met: row.unmet === 0,
    waits_for: parts.waits_for.map(taskId),
    verify: row.verify,
    acceptance_criteria: toList(row.acceptance_criteria),
    context_refs: toList(row.context_refs),
    notes: parts.notes,
    blocker_reason: row.blocker_reason,
    claim: row.claim,
    lease_expires_at: row.lease_expires_at,
    lease_expired: row.lease_expires_at !== null && row.lease_expires_at <= now,
    expiries: row.expiries,
    completed_by: row.completed_by,
    reviewed_by: row.reviewed_by,
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
    started_at: row.started_at,
    completed_at: row.completed_at,
    legacy_id: row.legacy_id,
  };
}

/** What the columns with lists hold where they were not read. */
const NO_LISTS = {
  tags: '[]',
  capabilities: '[]',
  touches: '[]',
  acceptance_criteria: '[]',
  context_refs: '[]',
};

/** Some fields of a task; its row needs to hold only the columns behind them. */
export function pickFields(
  fields: readonly (keyof Task)[],
  row: TaskRow,
  parts: TaskParts,
  now: string,
): Partial<Task> {
  const task = toTask({ ...NO_LISTS, ...row }, parts, now);
  return Object.fromEntries(fields.map((field) => [field, task[field]]));
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
