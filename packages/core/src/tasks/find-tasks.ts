import {
  CodepaktError,
  LIMITS,
  TASK_FIELDS,
  type Task,
  type TaskListQuery,
  type TaskSort,
} from '@codepakt/contract';
import { type Compilable, type SelectQueryBuilder, sql } from 'kysely';
import { timestamp } from '../clock.ts';
import type { By, Context } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { sqlBuilder } from '../database/database.ts';
import { ftsQuery } from '../database/fts-query.ts';
import type { Tables, TaskRow } from '../database/schema.ts';
import { numberOf } from '../ids.ts';
import { isResolved, taskNumber } from './load-task.ts';
import { pickFields, type TaskParts, toRank } from './task-row.ts';

const PAGE = 50;

type Selection = SelectQueryBuilder<Tables, 'tasks', object>;

/** How each order runs: by which column, which way; ties by number. */
const ORDERS: Record<TaskSort, { column: keyof TaskRow; direction: 'asc' | 'desc' }> = {
  priority: { column: 'priority', direction: 'asc' },
  id: { column: 'id', direction: 'asc' },
  created_at: { column: 'created_at', direction: 'desc' },
  updated_at: { column: 'updated_at', direction: 'desc' },
  completed_at: { column: 'completed_at', direction: 'desc' },
};

/**
 * A page of tasks; `fields` says which of their fields are read at all. A page also ends before its
 * texts come to more than `LIMITS.body_bytes`.
 */
export function listTasks(
  ctx: Context,
  query: TaskListQuery,
  by: By = {},
): { items: Partial<Task>[]; next_cursor: string | null } {
  const sort = query.sort ?? 'priority';
  const limit = query.limit ?? PAGE;
  const fields = query.fields ?? TASK_FIELDS;
  const { column, direction } = ORDERS[sort];
  const selection = continued(filtered(ctx, query, by), sort, query.cursor)
    .select(columnsFor(fields, column))
    .$if(fields.includes('notes'), (tasks) => tasks.select(noteBytes))
    .orderBy(column, direction)
    .orderBy('id', direction)
    .limit(limit + 1);
  const { rows, hasMore } = readPage(ctx, selection as Compilable<Row>, limit);
  const last = rows.at(-1);
  return {
    items: withParts(ctx, rows, fields),
    next_cursor: hasMore && last !== undefined ? encodeCursor([sort, last[column], last.id]) : null,
  };
}

type Row = TaskRow & { note_bytes?: number | null };

const noteBytes = sql<number | null>`(SELECT sum(octet_length(body)) FROM task_notes
  WHERE task_id = tasks.id)`.as('note_bytes');

/** Rows are read one by one, and no further than they are asked for: texts can be long. */
function readPage(
  ctx: Context,
  selection: Compilable<Row>,
  limit: number,
): { rows: Row[]; hasMore: boolean } {
  const rows: Row[] = [];
  let bytes = 0;
  for (const row of ctx.db.iterate(selection)) {
    bytes += bytesOf(row);
    const isFull = rows.length > 0 && bytes > LIMITS.body_bytes;
    if (rows.length === limit || isFull) return { rows, hasMore: true };
    rows.push(row);
  }
  return { rows, hasMore: false };
}

function bytesOf(row: Row): number {
  let bytes = row.note_bytes ?? 0;
  for (const value of Object.values(row)) {
    if (typeof value === 'string') bytes += Buffer.byteLength(value);
  }
  return bytes;
}

function filtered(ctx: Context, query: TaskListQuery, { agent }: By): Selection {
  let tasks: Selection = sqlBuilder.selectFrom('tasks');
  const { id, status, priority, assignee, epic, tag, search, completed_since } = query;
  if (id !== undefined)
    tasks = tasks.where(
      'id',
      'in',
      id.map((ref) => taskNumber(ctx, ref) ?? -1),
    );
  if (status !== undefined) tasks = tasks.where('status', 'in', status);
  // Written out, not bound: only so does SQLite see that the partial index fits.
  else if (query.all !== true && search === undefined && id === undefined) {
    tasks = tasks.where('status', 'not in', sql<TaskRow['status']>`('done', 'cancelled')`);
  }
  if (query.ready === true) {
    tasks = tasks.where('status', '=', sql.lit('open'));
    // What is meant for the one who is asked for, or who asks, is ready for them.
    if (assignee === undefined) {
      tasks = tasks.where((e) => {
        const isAnybodys = e('assignee', 'is', null);
        return agent === undefined ? isAnybodys : e.or([isAnybodys, e('assignee', '=', agent)]);
      });
    }
  }
  if (completed_since !== undefined) {
    tasks = tasks.where('completed_at', '>=', new Date(completed_since).toISOString());
  }
  if (priority !== undefined) tasks = tasks.where('priority', 'in', priority.map(toRank));
  if (assignee !== undefined) tasks = tasks.where('assignee', '=', assignee);
  if (epic !== undefined) tasks = tasks.where('epic', '=', epic);
  for (const wanted of tag ?? []) {
    tasks = tasks.where(
      sql<boolean>`EXISTS (SELECT 1 FROM json_each(tasks.tags) WHERE value = ${wanted})`,
    );
  }
  return search === undefined ? tasks : found(tasks, search);
}

/** By full text, or by id. */
function found(tasks: Selection, search: string): Selection {
  const match = ftsQuery(search);
  const number = numberOf('T', search.trim());
  return tasks.where((e) =>
    e.or([
      ...(number === undefined ? [] : [e('id', '=', number)]),
      ...(match === null
        ? []
        : [
            e(
              'id',
              'in',
              sqlBuilder
                .selectFrom('tasks_fts')
                .select('rowid')
                .where(sql<boolean>`tasks_fts MATCH ${match}`),
            ),
          ]),
    ]),
  );
}

function continued(tasks: Selection, sort: TaskSort, cursor: string | undefined): Selection {
  if (cursor === undefined) return tasks;
  const [ofSort, value, id] = decodeCursor(cursor);
  if (ofSort !== sort || typeof id !== 'number') {
    throw new CodepaktError('invalid_input', `cursor is not one of a list sorted by ${sort}`, {
      errors: [{ path: '/cursor', message: 'belongs to another list' }],
      hint: 'Repeat the list with the same --sort, or without --cursor.',
    });
  }
  const { column, direction } = ORDERS[sort];
  const beyond = sql.raw(direction === 'asc' ? '>' : '<');
  // NULL compares with nothing: in a descending order the rows without a value come last.
  if (value === null)
    return tasks.where(column, 'is', null).where('id', direction === 'asc' ? '>' : '<', id);
  const pair = sql<boolean>`(${sql.ref(column)}, id) ${beyond} (${value}, ${id})`;
  return direction === 'asc'
    ? tasks.where(pair)
    : tasks.where((e) => e.or([pair, e(column, 'is', null)]));
}

/** The columns behind the fields that are not columns themselves. */
const DERIVED: Partial<Record<keyof Task, (keyof TaskRow)[]>> = {
  deps_met: ['unmet'],
  waits_for: ['unmet'],
  lease_expired: ['lease_expires_at'],
  depends_on: [],
  notes: [],
};

function columnsFor(fields: readonly (keyof Task)[], order: keyof TaskRow): (keyof TaskRow)[] {
  const columns = fields.flatMap((field) => DERIVED[field] ?? [field as keyof TaskRow]);
  return [...new Set<keyof TaskRow>(['id', 'unmet', order, ...columns])];
}

function withParts(ctx: Context, rows: readonly TaskRow[], fields: readonly (keyof Task)[]) {
  const now = timestamp(ctx.clock);
  const parts = new Map<number, TaskParts>();
  for (const { id } of rows) parts.set(id, { depends_on: [], waits_for: [], notes: [] });
  const ids = rows.map(({ id }) => id);
  if (fields.includes('depends_on')) addDependencies(ctx, ids, parts);
  else if (fields.includes('waits_for')) {
    const waiting = rows.filter(({ unmet }) => unmet > 0).map(({ id }) => id);
    addDependencies(ctx, waiting, parts);
  }
  if (fields.includes('notes')) addNotes(ctx, ids, parts);
  return rows.map((row) =>
    pickFields(fields, row, parts.get(row.id) ?? { depends_on: [], waits_for: [], notes: [] }, now),
  );
}

function addDependencies(ctx: Context, ids: number[], parts: Map<number, TaskParts>): void {
  const edges = ctx.db.all(
    sqlBuilder
      .selectFrom('task_dependencies')
      .innerJoin('tasks', 'tasks.id', 'task_dependencies.depends_on')
      .select(['task_id', 'depends_on', 'status'])
      .where('task_id', 'in', ids)
      .orderBy('task_id')
      .orderBy('depends_on'),
  );
  for (const { task_id, depends_on, status } of edges) {
    parts.get(task_id)?.depends_on.push(depends_on);
    if (!isResolved(status)) parts.get(task_id)?.waits_for.push(depends_on);
  }
}

function addNotes(ctx: Context, ids: number[], parts: Map<number, TaskParts>): void {
  const notes = ctx.db.all(
    sqlBuilder
      .selectFrom('task_notes')
      .select(['task_id', 'agent', 'body', 'created_at'])
      .where('task_id', 'in', ids)
      .orderBy('id'),
  );
  for (const { task_id, ...note } of notes) parts.get(task_id)?.notes.push(note);
}
