import { CodepaktError, type Task, type TaskInput } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { By, Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import type { NewTaskRow, TaskRow } from '../database/schema.ts';
import { appendEvent, type Changes } from '../events/append-event.ts';
import { taskId } from '../ids.ts';
import { requireDocs } from './context-refs.ts';
import {
  circularDependency,
  findCircle,
  insertDependencies,
  unknownDependency,
} from './dependencies.ts';
import { readTask, taskNumber, taskRow } from './load-task.ts';
import { changesOf } from './task-changes.ts';
import { fromList, toRank } from './task-row.ts';

/**
 * Adds tasks, all or none. Within a batch a task may name another by its `key`, whichever comes first.
 * @throws CodepaktError `unknown_dependency`, `circular_dependency`, `invalid_input` for a key used twice or a doc that is not there
 */
export function createTasks(ctx: Context, inputs: readonly TaskInput[], by: By): Task[] {
  const at = timestamp(ctx.clock);
  const first = nextNumber(ctx);
  const numbers = keysOf(inputs, first);
  const dependencies = inputs.map((input) =>
    numbersOf(ctx, input.depends_on ?? [], numbers, first, first + inputs.length - 1),
  );
  refuseCircles(inputs, dependencies, first);
  for (const { context_refs } of inputs) requireDocs(ctx, context_refs);
  for (const [index, input] of inputs.entries()) insert(ctx, input, first + index, at);
  const rows = inputs.map((_, index) =>
    link(ctx, first + index, dependencies[index] ?? [], at, by),
  );
  return rows.map((row) => readTask(ctx, row));
}

function nextNumber(ctx: Context): number {
  const newest = ctx.db.first(
    sqlBuilder.selectFrom('tasks').select('id').orderBy('id', 'desc').limit(1),
  );
  return (newest?.id ?? 0) + 1;
}

function keysOf(inputs: readonly TaskInput[], first: number): Map<string, number> {
  const numbers = new Map<string, number>();
  for (const [index, { key }] of inputs.entries()) {
    if (key === undefined) continue;
    if (numbers.has(key)) {
      const path = `/tasks/${index}/key`;
      throw new CodepaktError('invalid_input', `key ${key} is used twice in this batch`, {
        errors: [{ path, message: `${key} is used twice in this batch` }],
      });
    }
    numbers.set(key, first + index);
  }
  return numbers;
}

/**
 * A key of the batch goes before a task that has the same name. The number that a task of the
 * batch is about to get counts too: that is how batches were written before there were keys.
 */
function numbersOf(
  ctx: Context,
  refs: readonly string[],
  keys: ReadonlyMap<string, number>,
  first: number,
  last: number,
): number[] {
  const numbers = refs.map((ref) => {
    const number = keys.get(ref) ?? taskNumber(ctx, ref);
    if (number === undefined) throw unknownDependency(ref);
    if ((number < first || number > last) && !exists(ctx, number)) throw unknownDependency(ref);
    return number;
  });
  return [...new Set(numbers)];
}

const existence = prepared<{ id: number }, { id: number }>((p) =>
  sqlBuilder.selectFrom('tasks').select('id').where('id', '=', p.id),
);

function exists(ctx: Context, number: number): boolean {
  return ctx.db.first(existence, { id: number }) !== undefined;
}

/** Only tasks of the batch can form one: nothing that exists depends on what does not yet. */
function refuseCircles(
  inputs: readonly TaskInput[],
  dependencies: readonly number[][],
  first: number,
): void {
  const next = (number: number) => dependencies[number - first] ?? [];
  const free = new Set<number>();
  for (const index of inputs.keys()) {
    const start = first + index;
    const circle = findCircle(start, next(start), (node) => (free.has(node) ? [] : next(node)));
    if (circle !== undefined) {
      throw circularDependency(
        circle.map((number) => inputs[number - first]?.key ?? taskId(number)),
      );
    }
    free.add(start);
  }
}

const insertTask = prepared<Required<TaskValues>, unknown>((p) =>
  sqlBuilder.insertInto('tasks').values({
    id: p.id,
    title: p.title,
    status: p.status,
    hold: p.hold,
    priority: p.priority,
    assignee: p.assignee,
    epic: p.epic,
    tags: p.tags,
    capabilities: p.capabilities,
    touches: p.touches,
    created_at: p.created_at,
    updated_at: p.updated_at,
    verify: p.verify,
    acceptance_criteria: p.acceptance_criteria,
    context_refs: p.context_refs,
    description: p.description,
  } as NewTaskRow),
);

type TaskValues = Pick<
  TaskRow,
  | 'id'
  | 'title'
  | 'status'
  | 'hold'
  | 'priority'
  | 'assignee'
  | 'epic'
  | 'tags'
  | 'capabilities'
  | 'touches'
  | 'created_at'
  | 'updated_at'
  | 'verify'
  | 'acceptance_criteria'
  | 'context_refs'
  | 'description'
>;

/** Inserted in the backlog: it may not be open before its dependencies are known to be met. */
function insert(ctx: Context, input: TaskInput, id: number, at: string): void {
  ctx.db.run(insertTask, {
    id,
    title: input.title,
    status: 'backlog',
    hold: input.hold === true ? 1 : 0,
    priority: toRank(input.priority ?? 'P1'),
    assignee: input.assignee ?? null,
    epic: input.epic ?? null,
    tags: fromList(input.tags ?? []),
    capabilities: fromList(input.capabilities ?? []),
    touches: fromList(input.touches ?? []),
    created_at: at,
    updated_at: at,
    verify: input.verify ?? null,
    acceptance_criteria: fromList(input.acceptance_criteria ?? []),
    context_refs: fromList(input.context_refs ?? []),
    description: input.description ?? null,
  });
}

const finishInsert = prepared<{ id: number; unmet: number; status: TaskRow['status'] }, unknown>(
  (p) =>
    sqlBuilder
      .updateTable('tasks')
      .set({ unmet: p.unmet, status: p.status })
      .where('id', '=', p.id),
);

function link(ctx: Context, id: number, on: readonly number[], at: string, by: By): TaskRow {
  const unmet = insertDependencies(ctx, id, on);
  const inserted = taskRow(ctx, id);
  const status = inserted.hold === 1 || unmet > 0 ? 'backlog' : 'open';
  if (unmet > 0 || status === 'open') ctx.db.run(finishInsert, { id, unmet, status });
  const row: TaskRow = { ...inserted, unmet, status, deps_met: unmet === 0 ? 1 : 0 };
  appendEvent(ctx, {
    action: 'task_created',
    task: id,
    version: 1,
    by,
    at,
    detail: birth(row, on),
  });
  return row;
}

/** What a task has when nobody says anything: what its first event need not tell. */
const BLANK: TaskRow = {
  id: 0,
  title: '',
  status: 'backlog',
  hold: 0,
  priority: 1,
  assignee: null,
  epic: null,
  tags: '[]',
  capabilities: '[]',
  touches: '[]',
  unmet: 0,
  deps_met: 1,
  claim: 0,
  lease_seconds: null,
  lease_expires_at: null,
  expiries: 0,
  completed_by: null,
  reviewed_by: null,
  version: 0,
  created_at: '',
  updated_at: '',
  started_at: null,
  completed_at: null,
  legacy_id: null,
  blocker_reason: null,
  verify: null,
  acceptance_criteria: '[]',
  context_refs: '[]',
  description: null,
};

function birth(row: TaskRow, on: readonly number[]): Changes {
  const changes: Changes = {};
  for (const [field, [, after]] of Object.entries(changesOf(BLANK, row))) {
    changes[field] = [null, after];
  }
  if (on.length > 0) changes.depends_on = [[], [...on].sort((a, b) => a - b).map(taskId)];
  return changes;
}
