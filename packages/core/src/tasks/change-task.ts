import type { EventAction, TaskResult } from '@codepakt/contract';
import type { By, Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import type { TaskRow } from '../database/schema.ts';
import { appendEvent, type Changes } from '../events/append-event.ts';
import { taskId } from '../ids.ts';
import { resolveDependents } from './dependencies.ts';
import { isResolved, readTask } from './load-task.ts';
import type { StatusColumns } from './status-rules.ts';
import { toList, toPriority } from './task-row.ts';

/** The columns of a task that a change may set. */
export type TaskColumns = Omit<
  TaskRow,
  'id' | 'deps_met' | 'version' | 'created_at' | 'updated_at' | 'legacy_id'
>;

export interface Change {
  action: EventAction;
  /** `null`: nobody, such as a lease that ran out. */
  by: By | null;
  /** UTC, ISO 8601. */
  at: string;
  set: Partial<TaskColumns>;
  /** What changed besides the columns, such as `depends_on`, as `[before, after]`. */
  changes?: Changes;
  /** What else the event says: note, reason, by, undoes … */
  detail?: Record<string, unknown>;
}

/** What a change did to other tasks; numbers, not ids. */
export interface Effects {
  opened: number[];
  reverted: number[];
}

export interface Changed extends Effects {
  row: TaskRow;
  /** Names of the fields that changed. */
  fields: string[];
  event_id: number;
}

/**
 * Writes a change of one task: the row, its event, and what it means for the tasks that depend on
 * it. Every change of a task goes through here, inside the caller's transaction.
 */
export function changeTask(ctx: Context, task: TaskRow, change: Change): Changed {
  const row: TaskRow = { ...task, ...change.set, version: task.version + 1, updated_at: change.at };
  // A living person has looked at it: what its leases did before no longer counts.
  if (change.by !== null && change.by.agent === undefined) row.expiries = 0;
  row.deps_met = row.unmet === 0 ? 1 : 0;
  writeRow(ctx, row, change.set);
  const changes = { ...changesOf(task, row), ...change.changes };
  const event_id = appendEvent(ctx, {
    action: change.action,
    task: task.id,
    version: row.version,
    by: change.by,
    at: change.at,
    detail: { ...changes, ...change.detail },
  });
  const isNowResolved = isResolved(row.status);
  const effects =
    isNowResolved === isResolved(task.status)
      ? { opened: [], reverted: [] }
      : resolveDependents(ctx, row, change);
  return { row, fields: Object.keys(changes), event_id, ...effects };
}

/** The answer that a changed task gives. */
export function toResult(
  ctx: Context,
  changed: Changed,
  message: string | null = null,
): TaskResult {
  const waits = changed.row.status === 'backlog' && changed.row.hold === 0 && changed.row.unmet > 0;
  const task = readTask(ctx, changed.row);
  return {
    ...task,
    changed: changed.fields,
    opened: changed.opened.map(taskId),
    reverted: changed.reverted.map(taskId),
    message:
      message ??
      (waits && changed.fields.includes('status')
        ? `${task.id} waits for ${task.waits_for.join(', ')}, so it is in the backlog`
        : null),
  };
}

/** The answer where there was nothing to change. */
export function unchanged(ctx: Context, row: TaskRow, message: string): TaskResult {
  return { ...readTask(ctx, row), changed: [], opened: [], reverted: [], message };
}

type HotColumns = StatusColumns & Pick<TaskRow, 'id' | 'unmet' | 'version' | 'updated_at'>;

const updateHotColumns = prepared<HotColumns, unknown>((p) =>
  sqlBuilder
    .updateTable('tasks')
    .set({
      status: p.status,
      hold: p.hold,
      assignee: p.assignee,
      blocker_reason: p.blocker_reason,
      claim: p.claim,
      lease_seconds: p.lease_seconds,
      lease_expires_at: p.lease_expires_at,
      expiries: p.expiries,
      completed_by: p.completed_by,
      reviewed_by: p.reviewed_by,
      started_at: p.started_at,
      completed_at: p.completed_at,
      unmet: p.unmet,
      version: p.version,
      updated_at: p.updated_at,
    })
    .where('id', '=', p.id),
);

const COLD_COLUMNS = [
  'title',
  'description',
  'priority',
  'epic',
  'tags',
  'capabilities',
  'touches',
  'verify',
  'acceptance_criteria',
  'context_refs',
] as const satisfies (keyof TaskColumns)[];

function writeRow(ctx: Context, row: TaskRow, set: Partial<TaskColumns>): void {
  ctx.db.run(updateHotColumns, row);
  const cold = Object.fromEntries(
    COLD_COLUMNS.filter((column) => set[column] !== undefined).map((column) => [
      column,
      set[column],
    ]),
  );
  if (Object.keys(cold).length === 0) return;
  ctx.db.run(sqlBuilder.updateTable('tasks').set(cold).where('id', '=', row.id));
}

/** The columns whose change is told in events; leases move without one. */
const TOLD = [
  'title',
  'description',
  'status',
  'hold',
  'priority',
  'assignee',
  'epic',
  'tags',
  'capabilities',
  'touches',
  'deps_met',
  'verify',
  'acceptance_criteria',
  'context_refs',
  'blocker_reason',
  'claim',
  'expiries',
  'completed_by',
  'reviewed_by',
  'started_at',
  'completed_at',
] as const satisfies (keyof TaskRow)[];

/** `[before, after]` of each field that differs, in the values of the domain. */
export function changesOf(before: TaskRow, after: TaskRow): Changes {
  const changes: Changes = {};
  for (const column of TOLD) {
    if (before[column] === after[column]) continue;
    changes[column] = [told(column, before[column]), told(column, after[column])];
  }
  return changes;
}

/** The value that a column has in the domain. */
export function told(column: (typeof TOLD)[number], value: string | number | null): unknown {
  switch (column) {
    case 'hold':
    case 'deps_met':
      return value === 1;
    case 'priority':
      return toPriority(Number(value));
    case 'tags':
    case 'capabilities':
    case 'touches':
    case 'acceptance_criteria':
    case 'context_refs':
      return toList(String(value));
    default:
      return value;
  }
}

export { TOLD as TOLD_COLUMNS };
