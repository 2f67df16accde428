import { type Event, Task, type TaskNote, type TaskResult, validatorOf } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { By, Context } from '../context.ts';
import { sqlBuilder } from '../database/database.ts';
import type { TaskRow } from '../database/schema.ts';
import type { Changes } from '../events/append-event.ts';
import { refusal, refuseIfChangedLater } from '../events/undo-refusal.ts';
import { numberOf, taskId } from '../ids.ts';
import { changeTask, type TaskColumns } from './change-task.ts';
import {
  checkDependencies,
  dependenciesOf,
  planUnmet,
  replaceDependencies,
} from './dependencies.ts';
import { newLease } from './leases.ts';
import { findTask } from './load-task.ts';
import { EVENT_OF, planStatus } from './status-rules.ts';
import { toResult } from './task-result.ts';
import { fromList, toRank } from './task-row.ts';
import { planAssignee } from './update-task.ts';

/** Fields that follow from others, or only ever grow: they are in nobody's way. */
const FOLLOWS = new Set(['claim', 'expiries', 'deps_met']);

const CONSEQUENCES = ['deps_met', 'deps_broken'];

/** What became of a task when one of its events was undone. */
export interface Undone {
  event_id: number;
  task: TaskResult;
}

/** Gives a task the values that it had before an event, through the same rules as any change. */
export function undoTaskEvent(ctx: Context, event: Event, by: By): Undone {
  const task = findTask(ctx, event.task_id ?? '');
  if (event.action === 'task_created') return undoCreation(ctx, task, event, by);
  const before = valuesBefore(event);
  const fields = Object.keys(before).filter((field) => !FOLLOWS.has(field));
  refuseIfChangedLater(ctx, event, fields);
  const at = timestamp(ctx.clock);
  const { set: linked, changes } = undoDependencies(ctx, task, before, at);
  const plain = plainColumns(before);
  const base: TaskRow = { ...task, ...plain, ...linked };
  const changed = changeTask(ctx, task, {
    action: 'task_updated',
    by,
    at,
    set: {
      ...plain,
      ...linked,
      ...planAssignee(ctx, task, before.assignee),
      ...undoStatus(ctx, base, before, at),
    },
    changes,
    detail: { undoes: event.id, ...undoNote(ctx, task, event) },
  });
  return { event_id: changed.event_id, task: toResult(ctx, changed) };
}

/**
 * A number is never given twice, so what was created by mistake is cancelled. That it opened, or
 * closed again, with what it waits for is nobody's act and no reason to keep it.
 */
function undoCreation(ctx: Context, task: TaskRow, event: Event, by: By): Undone {
  refuseIfChangedLater(ctx, event, ['status', 'title', 'assignee'], CONSEQUENCES);
  const at = timestamp(ctx.clock);
  const changed = changeTask(ctx, task, {
    action: EVENT_OF.cancel,
    by,
    at,
    set: planStatus(task, { to: 'cancelled', at }),
    detail: { undoes: event.id },
  });
  return { event_id: changed.event_id, task: toResult(ctx, changed) };
}

function valuesBefore(event: Event): Partial<Task> {
  const before = Object.entries(event.detail)
    .filter(([, value]) => Array.isArray(value) && value.length === 2)
    .map(([field, value]) => [field, (value as unknown[])[0]] as const);
  for (const [field, value] of before) {
    // An imported log may say anything.
    const schema = Task.properties[field as keyof Task];
    if (schema !== undefined && !validatorOf(schema).Check(value)) {
      throw refusal(event, `its ${field} is not one that a task can have`);
    }
  }
  return Object.fromEntries(before);
}

function plainColumns(before: Partial<Task>): Partial<TaskColumns> {
  const set: Partial<TaskColumns> = {};
  const { title, description, priority, epic, verify, blocker_reason } = before;
  if (title !== undefined) set.title = title;
  if (description !== undefined) set.description = description;
  if (priority !== undefined) set.priority = toRank(priority);
  if (epic !== undefined) set.epic = epic;
  if (verify !== undefined) set.verify = verify;
  if (blocker_reason !== undefined) set.blocker_reason = blocker_reason;
  for (const field of [
    'tags',
    'capabilities',
    'touches',
    'acceptance_criteria',
    'context_refs',
  ] as const) {
    const list = before[field];
    if (list !== undefined) set[field] = fromList(list);
  }
  return set;
}

function undoDependencies(
  ctx: Context,
  task: TaskRow,
  before: Partial<Task>,
  at: string,
): { set: Partial<TaskRow>; changes: Changes } {
  if (before.depends_on === undefined) return { set: {}, changes: {} };
  const present = dependenciesOf(ctx, task.id);
  const wanted = before.depends_on.map((id) => numberOf('T', id) ?? 0);
  checkDependencies(ctx, task.id, wanted);
  const unmet = replaceDependencies(ctx, task.id, wanted);
  return {
    set: planUnmet(task, unmet, at),
    changes: { depends_on: [present.map(taskId), before.depends_on] },
  };
}

/** The columns that a status brings along come back as they were, not as a new change would set them. */
function undoStatus(
  ctx: Context,
  task: TaskRow,
  before: Partial<Task>,
  at: string,
): Partial<TaskColumns> {
  if (before.status === undefined && before.hold === undefined) return {};
  const hold = before.hold ?? task.hold === 1;
  const wanted = before.status ?? task.status;
  const to = wanted === 'backlog' && !hold ? 'open' : wanted;
  const assignee = before.assignee === undefined ? task.assignee : before.assignee;
  const plan = planStatus(task, {
    to,
    at,
    assignee,
    lease: to === 'in-progress' && assignee !== null ? newLease(ctx) : undefined,
  });
  const finished = plan.status === 'review' || plan.status === 'done';
  return {
    ...plan,
    assignee,
    hold: plan.status === 'backlog' && hold ? 1 : 0,
    blocker_reason:
      plan.status === 'blocked' ? given(before.blocker_reason, task.blocker_reason) : null,
    started_at: before.started_at === undefined ? task.started_at : before.started_at,
    completed_at: finished ? (before.completed_at ?? task.completed_at ?? at) : null,
    completed_by: finished ? given(before.completed_by, task.completed_by) : null,
    reviewed_by: plan.status === 'done' ? given(before.reviewed_by, task.reviewed_by) : null,
  };
}

/** Null is a value that a field had before; only one that the event did not change stays as it is. */
function given<Value>(before: Value | undefined, present: Value): Value {
  return before === undefined ? present : before;
}

/** A note that the event added goes; one that an undoing took away comes back. */
function undoNote(ctx: Context, task: TaskRow, event: Event): Record<string, unknown> {
  const { note, removed_note, restored_note } = event.detail;
  if (removed_note !== undefined) {
    const back = removed_note as TaskNote;
    ctx.db.run(sqlBuilder.insertInto('task_notes').values({ task_id: task.id, ...back }));
    return { restored_note: back };
  }
  const added = (restored_note as TaskNote | undefined) ?? addedBy(event, note);
  if (added === undefined) return {};
  const row = ctx.db.first(
    sqlBuilder
      .selectFrom('task_notes')
      .select('id')
      .where('task_id', '=', task.id)
      .where('agent', 'is', added.agent)
      .where('body', '=', added.body)
      .where('created_at', '=', added.created_at)
      .orderBy('id', 'desc')
      .limit(1),
  );
  if (row === undefined) throw refusal(event, 'its note was removed already');
  ctx.db.run(sqlBuilder.deleteFrom('task_notes').where('id', '=', row.id));
  return { removed_note: added };
}

function addedBy(event: Event, note: unknown): TaskNote | undefined {
  if (typeof note !== 'string') return undefined;
  return { agent: event.agent, body: note, created_at: event.created_at };
}
