import type { EventAction } from '@codepakt/contract';
import { sql } from 'kysely';
import type { By, Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import { raw } from '../database/raw.ts';
import type { TaskRow } from '../database/schema.ts';
import { appendEvent, type Changes } from '../events/append-event.ts';
import { taskId } from '../ids.ts';
import { isResolved } from './load-task.ts';
import type { StatusColumns } from './status-rules.ts';
import { changesOf } from './task-changes.ts';

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
  if (isActOfPerson(change)) row.expiries = 0;
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

/** A person has looked at the task: how often its lease ran out before no longer counts. */
function isActOfPerson({ action, by }: Change): boolean {
  const isConsequence = action === 'deps_met' || action === 'deps_broken';
  return !isConsequence && by !== null && by.agent === undefined;
}

const dependentRows = prepared<{ id: number }, TaskRow>((p) =>
  sqlBuilder
    .selectFrom('task_dependencies')
    .innerJoin('tasks', 'tasks.id', 'task_dependencies.task_id')
    .selectAll('tasks')
    .where('depends_on', '=', p.id)
    .orderBy('task_id'),
);

const setUnmet = prepared<{ id: number; unmet: number }, unknown>((p) =>
  sqlBuilder.updateTable('tasks').set({ unmet: p.unmet }).where('id', '=', p.id),
);

/**
 * Tells the tasks that depend on `task` that it has just become resolved, or unresolved again.
 * Costs as much as there are dependents; nothing cascades, since opening a task resolves nobody.
 */
function resolveDependents(ctx: Context, task: TaskRow, cause: Change): Effects {
  const effects: Effects = { opened: [], reverted: [] };
  const step = isResolved(task.status) ? -1 : 1;
  for (const dependent of ctx.db.all(dependentRows, { id: task.id })) {
    const unmet = dependent.unmet + step;
    const flips = unmet === 0 || dependent.unmet === 0;
    if (!flips) ctx.db.run(setUnmet, { id: dependent.id, unmet });
    else if (unmet === 0) meet(ctx, dependent, task, cause, effects);
    else breakUp(ctx, dependent, unmet, task, cause, effects);
  }
  return effects;
}

function meet(ctx: Context, dependent: TaskRow, task: TaskRow, cause: Change, effects: Effects) {
  const opens = dependent.status === 'backlog' && dependent.hold === 0;
  changeTask(ctx, dependent, {
    action: 'deps_met',
    by: cause.by,
    at: cause.at,
    set: { unmet: 0, ...(opens ? { status: 'open' as const } : {}) },
    detail: { by: taskId(task.id), by_status: task.status },
  });
  if (opens) effects.opened.push(dependent.id);
}

function breakUp(
  ctx: Context,
  dependent: TaskRow,
  unmet: number,
  task: TaskRow,
  cause: Change,
  effects: Effects,
) {
  const returns = dependent.status === 'open';
  changeTask(ctx, dependent, {
    action: 'deps_broken',
    by: cause.by,
    at: cause.at,
    set: { unmet, ...(returns ? { status: 'backlog' as const } : {}) },
    detail: { by: taskId(task.id), by_status: task.status },
  });
  effects.reverted.push(dependent.id);
}

type HotColumns = StatusColumns & Pick<TaskRow, 'id' | 'unmet' | 'version' | 'updated_at'>;

const HOT_COLUMNS = [
  'status',
  'hold',
  'assignee',
  'blocker_reason',
  'claim',
  'lease_seconds',
  'lease_expires_at',
  'expiries',
  'completed_by',
  'reviewed_by',
  'started_at',
  'completed_at',
  'unmet',
  'version',
  'updated_at',
] as const satisfies (keyof HotColumns)[];

/**
 * OR FAIL: whoever writes takes back the whole work when something fails. To take back this one
 * statement SQLite would copy every page that it changes.
 */
const updateHotColumns = prepared<HotColumns, unknown>(
  (p) => raw`
    UPDATE OR FAIL tasks
    SET ${sql.join(HOT_COLUMNS.map((column) => sql`${sql.ref(column)} = ${p[column]}`))}
    WHERE id = ${p.id}`,
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
  const columns = COLD_COLUMNS.filter((column) => set[column] !== undefined);
  if (columns.length === 0) return;
  const cold = Object.fromEntries(columns.map((column) => [column, set[column]]));
  ctx.db.run(sqlBuilder.updateTable('tasks').set(cold).where('id', '=', row.id));
}
