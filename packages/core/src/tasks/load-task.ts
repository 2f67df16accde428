import { CodepaktError, type Task, type TaskDetail, type TaskNote } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import type { TaskRow } from '../database/schema.ts';
import { docId, numberOf, taskId } from '../ids.ts';
import { type TaskParts, toList, toTask } from './task-row.ts';
import { lastVerification } from './verification.ts';

const byNumber = prepared<{ id: number }, TaskRow>((p) =>
  sqlBuilder.selectFrom('tasks').selectAll().where('id', '=', p.id),
);

const dependenciesOf = prepared<{ id: number }, { id: number; status: string }>((p) =>
  sqlBuilder
    .selectFrom('task_dependencies')
    .innerJoin('tasks', 'tasks.id', 'task_dependencies.depends_on')
    .select(['tasks.id', 'tasks.status'])
    .where('task_id', '=', p.id)
    .orderBy('depends_on'),
);

const notesOf = prepared<{ id: number }, TaskNote>((p) =>
  sqlBuilder
    .selectFrom('task_notes')
    .select(['agent', 'body', 'created_at'])
    .where('task_id', '=', p.id)
    .orderBy('id'),
);

const dependentsOf = prepared<{ id: number }, { task_id: number }>((p) =>
  sqlBuilder
    .selectFrom('task_dependencies')
    .select('task_id')
    .where('depends_on', '=', p.id)
    .orderBy('task_id'),
);

/** The row of a task, by number. It must be there. */
export function taskRow(ctx: Context, number: number): TaskRow {
  const row = ctx.db.first(byNumber, { id: number });
  if (row === undefined) throw notFound(taskId(number));
  return row;
}

/**
 * The row of the task that a person or agent names: `T-001`, `T-1`, or the UUID of an older board.
 * @throws CodepaktError `task_not_found`
 */
export function findTask(ctx: Context, ref: string): TaskRow {
  const number = taskNumber(ctx, ref);
  const row = number === undefined ? undefined : ctx.db.first(byNumber, { id: number });
  if (row === undefined) throw notFound(ref);
  return row;
}

/** The number of the task that a text names, or undefined when it names none. It need not exist. */
export function taskNumber(ctx: Context, ref: string): number | undefined {
  const number = numberOf('T', ref);
  if (number !== undefined) return number;
  return ctx.db.first(sqlBuilder.selectFrom('tasks').select('id').where('legacy_id', '=', ref))?.id;
}

function notFound(ref: string): CodepaktError {
  return new CodepaktError('task_not_found', `there is no task ${ref}`, {
    hint: '`cpk task list --all` lists every task.',
  });
}

/** Whether a dependency in this status lets its dependents go on. */
export function isResolved(status: string): boolean {
  return status === 'review' || status === 'done' || status === 'cancelled';
}

/** A row with everything that belongs to it. */
export function readTask(ctx: Context, row: TaskRow): Task {
  return toTask(row, partsOf(ctx, row.id), timestamp(ctx.clock));
}

function partsOf(ctx: Context, id: number): TaskParts {
  const dependencies = ctx.db.all(dependenciesOf, { id });
  return {
    depends_on: dependencies.map((dependency) => dependency.id),
    waits_for: dependencies.filter(({ status }) => !isResolved(status)).map(({ id }) => id),
    notes: ctx.db.all(notesOf, { id }),
  };
}

/** One task with its dependents, its docs and its last verification. */
export function getTask(ctx: Context, ref: string): TaskDetail {
  const row = findTask(ctx, ref);
  return {
    ...readTask(ctx, row),
    dependents: ctx.db.all(dependentsOf, { id: row.id }).map(({ task_id }) => taskId(task_id)),
    context: contextOf(ctx, row),
    verification: lastVerification(ctx, row.id),
  };
}

/** Id and title of the docs that a task refers to; a doc that is gone is left out. */
export function contextOf(ctx: Context, row: TaskRow): { id: string; title: string }[] {
  const refs = toList(row.context_refs);
  if (refs.length === 0) return [];
  const numbers = refs.map((ref) => numberOf('D', ref)).filter((number) => number !== undefined);
  const legacy = refs.filter((ref) => numberOf('D', ref) === undefined);
  return ctx.db
    .all(
      sqlBuilder
        .selectFrom('docs')
        .select(['id', 'title'])
        .where((e) => e.or([e('id', 'in', numbers), e('legacy_id', 'in', legacy)]))
        .orderBy('id'),
    )
    .map(({ id, title }) => ({ id: docId(id), title }));
}
