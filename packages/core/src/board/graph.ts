import type { TaskGraph } from '@codepakt/contract';
import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { sqlBuilder } from '../database/database.ts';
import { taskId } from '../ids.ts';
import { isResolved } from '../tasks/load-task.ts';
import { toPriority } from '../tasks/task-row.ts';

export interface GraphQuery {
  /** Done and cancelled tasks too. */
  all?: boolean | undefined;
  epic?: string | undefined;
}

/**
 * Who waits for whom, the longest chain of what is left to do, and what finishing each task would
 * make ready.
 */
export function taskGraph(ctx: Context, query: GraphQuery = {}): TaskGraph {
  const tasks = nodesOf(ctx, query);
  const ids = new Set(tasks.map(({ id }) => id));
  const edges = edgesBetween(ctx, ids);
  const unmet = new Map(tasks.map(({ id, unmet: count }) => [id, count]));
  const unresolved = new Set(tasks.filter(({ status }) => !isResolved(status)).map(({ id }) => id));
  const unblocks = new Map<number, number[]>();
  for (const { from, to } of edges) {
    if (!unresolved.has(from) || unmet.get(to) !== 1) continue;
    const ready = unblocks.get(from) ?? [];
    ready.push(to);
    unblocks.set(from, ready);
  }
  const open = edges.filter(({ from, to }) => unresolved.has(from) && unresolved.has(to));
  return {
    nodes: tasks.map(({ id, title, status, priority, epic, assignee }) => ({
      id: taskId(id),
      title,
      status,
      priority: toPriority(priority),
      epic,
      assignee,
      unblocks: (unblocks.get(id) ?? []).map(taskId),
    })),
    edges: edges.map(({ from, to }) => ({ from: taskId(from), to: taskId(to) })),
    critical_path: longestChain([...unresolved], open).map(taskId),
  };
}

interface Edge {
  from: number;
  /** Depends on `from`. */
  to: number;
}

function nodesOf(ctx: Context, { all, epic }: GraphQuery) {
  let tasks = sqlBuilder
    .selectFrom('tasks')
    .select(['id', 'title', 'status', 'priority', 'epic', 'assignee', 'unmet']);
  if (all !== true) {
    tasks = tasks.where('status', 'not in', sql<'done'>`('done', 'cancelled')`);
  }
  if (epic !== undefined) tasks = tasks.where('epic', '=', epic);
  return ctx.db.all(tasks.orderBy('id'));
}

function edgesBetween(ctx: Context, ids: ReadonlySet<number>): Edge[] {
  return ctx.db
    .all(
      sqlBuilder
        .selectFrom('task_dependencies')
        .select(['depends_on as from', 'task_id as to'])
        .orderBy('task_id')
        .orderBy('depends_on'),
    )
    .filter(({ from, to }) => ids.has(from) && ids.has(to));
}

/**
 * The longest chain of tasks each of which waits for the one before, every task counting as one;
 * of several the one with the lowest numbers. Kahn's order, so a chain of any length fits.
 */
export function longestChain(ids: readonly number[], edges: readonly Edge[]): number[] {
  const dependents = new Map<number, number[]>();
  const waiting = new Map(ids.map((id) => [id, 0]));
  for (const { from, to } of edges) {
    const list = dependents.get(from);
    if (list === undefined) dependents.set(from, [to]);
    else list.push(to);
    waiting.set(to, (waiting.get(to) ?? 0) + 1);
  }
  const length = new Map<number, number>(ids.map((id) => [id, 1]));
  const before = new Map<number, number>();
  const ready = ids.filter((id) => waiting.get(id) === 0);
  for (let n = 0; n < ready.length; n++) {
    const id = ready[n] as number;
    for (const to of dependents.get(id) ?? []) {
      if ((length.get(id) ?? 0) + 1 > (length.get(to) ?? 0)) {
        length.set(to, (length.get(id) ?? 0) + 1);
        before.set(to, id);
      }
      waiting.set(to, (waiting.get(to) ?? 0) - 1);
      if (waiting.get(to) === 0) ready.push(to);
    }
  }
  let last: number | undefined;
  for (const id of ids) {
    if (last === undefined || (length.get(id) ?? 0) > (length.get(last) ?? 0)) last = id;
  }
  const chain: number[] = [];
  for (let id = last; id !== undefined; id = before.get(id)) chain.push(id);
  return chain.length > 1 ? chain.reverse() : [];
}
