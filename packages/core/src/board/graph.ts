import { LIMITS, type TaskGraph } from '@codepakt/contract';
import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import { raw } from '../database/raw.ts';
import type { TaskRow } from '../database/schema.ts';
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
 * make ready. Of a large board only the most urgent tasks are in it, as many as `LIMITS` says.
 */
export function taskGraph(ctx: Context, query: GraphQuery = {}): TaskGraph {
  const points = pointsOf(ctx, query);
  const edges = edgesBetween(ctx, points);
  const open = edges.filter(({ from, to }) => isOpen(points.get(from)) && isOpen(points.get(to)));
  const unresolved = [...points.values()].filter(isOpen).map(({ id }) => id);
  const path = longestChain(unresolved, open);
  const chosen = choose(points, edges, path);
  const unblocks = readied(points, edges);
  return {
    nodes: nodesOf(ctx, chosen).map(({ id, priority, ...task }) => ({
      id: taskId(id),
      ...task,
      priority: toPriority(priority),
      unblocks: (unblocks.get(id) ?? []).map(taskId),
    })),
    edges: edges
      .filter(({ from, to }) => chosen.has(from) && chosen.has(to))
      .map(({ from, to }) => ({ from: taskId(from), to: taskId(to) })),
    critical_path: path.map(taskId),
    left_out: points.size - chosen.size,
  };
}

interface Edge {
  from: number;
  /** Depends on `from`. */
  to: number;
}

/** What the form of the graph rests on: of a large board nothing more is read of most tasks. */
type Point = Pick<TaskRow, 'id' | 'status' | 'priority' | 'unmet'>;

function pointsOf(ctx: Context, { all, epic }: GraphQuery): Map<number, Point> {
  let tasks = sqlBuilder.selectFrom('tasks').select(['id', 'status', 'priority', 'unmet']);
  if (all !== true) {
    tasks = tasks.where('status', 'not in', sql<'done'>`('done', 'cancelled')`);
  }
  if (epic !== undefined) tasks = tasks.where('epic', '=', epic);
  return new Map(ctx.db.all(tasks.orderBy('id')).map((point) => [point.id, point]));
}

function isOpen(point: Point | undefined): boolean {
  return point !== undefined && !isResolved(point.status);
}

function edgesBetween(ctx: Context, points: ReadonlyMap<number, Point>): Edge[] {
  return ctx.db
    .all(
      sqlBuilder
        .selectFrom('task_dependencies')
        .select(['depends_on as from', 'task_id as to'])
        .orderBy('task_id')
        .orderBy('depends_on'),
    )
    .filter(({ from, to }) => points.has(from) && points.has(to));
}

/** The tasks that become ready when one is finished, by that one. */
function readied(
  points: ReadonlyMap<number, Point>,
  edges: readonly Edge[],
): Map<number, number[]> {
  const unblocks = new Map<number, number[]>();
  for (const { from, to } of edges) {
    if (isOpen(points.get(from)) && points.get(to)?.unmet === 1) addTo(unblocks, from, to);
  }
  return unblocks;
}

function addTo(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** The critical path, then what is left to do by priority and number, then the rest: as much as fits. */
function choose(
  points: ReadonlyMap<number, Point>,
  edges: readonly Edge[],
  path: readonly number[],
): Set<number> {
  if (points.size <= LIMITS.graph_nodes && edges.length <= LIMITS.graph_edges) {
    return new Set(points.keys());
  }
  const neighbours = new Map<number, number[]>();
  for (const { from, to } of edges) {
    addTo(neighbours, from, to);
    addTo(neighbours, to, from);
  }
  const rest = [...points.values()].sort(
    (a, b) => Number(isOpen(b)) - Number(isOpen(a)) || a.priority - b.priority || a.id - b.id,
  );
  const chosen = new Set<number>();
  let edgeCount = 0;
  for (const id of [...path, ...rest.map((point) => point.id)]) {
    if (chosen.has(id)) continue;
    edgeCount += (neighbours.get(id) ?? []).filter((other) => chosen.has(other)).length;
    if (chosen.size === LIMITS.graph_nodes || edgeCount > LIMITS.graph_edges) break;
    chosen.add(id);
  }
  return chosen;
}

function nodesOf(ctx: Context, ids: ReadonlySet<number>) {
  return ctx.db.all(nodes, { ids: JSON.stringify([...ids]) });
}

type Node = Pick<TaskRow, 'id' | 'title' | 'status' | 'priority' | 'epic' | 'assignee'>;

const nodes = prepared<{ ids: string }, Node>(
  (p) => raw<Node>`
    SELECT id, title, status, priority, epic, assignee FROM tasks
    WHERE id IN (SELECT value FROM json_each(${p.ids})) ORDER BY id`,
);

/**
 * The longest chain of tasks each of which waits for the one before, every task counting as one;
 * of several the one with the lowest numbers. Kahn's order, so a chain of any length fits.
 */
export function longestChain(ids: readonly number[], edges: readonly Edge[]): number[] {
  const dependents = new Map<number, number[]>();
  const waiting = new Map(ids.map((id) => [id, 0]));
  for (const { from, to } of edges) {
    addTo(dependents, from, to);
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
