import { CodepaktError } from '@codepakt/contract';
import type { Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import type { TaskRow } from '../database/schema.ts';
import { taskId } from '../ids.ts';
import { isResolved } from './load-task.ts';
import { planStatus } from './status-rules.ts';

/** The columns that change when a task has `unmet` dependencies instead of what it had. */
export function planUnmet(task: TaskRow, unmet: number, at: string): Partial<TaskRow> {
  const row = { ...task, unmet };
  if (task.status === 'open' && unmet > 0) return { unmet, status: 'backlog' };
  if (task.status === 'backlog' && task.hold === 0 && unmet === 0) {
    return { unmet, status: planStatus(row, { to: 'open', at }).status };
  }
  return { unmet };
}

const statusOf = prepared<{ id: number }, { status: string }>((p) =>
  sqlBuilder.selectFrom('tasks').select('status').where('id', '=', p.id),
);

const insertDependency = prepared<{ task_id: number; depends_on: number }, unknown>((p) =>
  sqlBuilder
    .insertInto('task_dependencies')
    .values({ task_id: p.task_id, depends_on: p.depends_on }),
);

/** Adds dependencies to a task; answers how many of them are not met. They must exist. */
export function insertDependencies(ctx: Context, task: number, on: readonly number[]): number {
  let unmet = 0;
  for (const depends_on of on) {
    ctx.db.run(insertDependency, { task_id: task, depends_on });
    if (!isResolved(ctx.db.first(statusOf, { id: depends_on })?.status ?? '')) unmet++;
  }
  return unmet;
}

/** Puts other dependencies in place of a task's present ones; answers how many are not met. */
export function replaceDependencies(ctx: Context, task: number, on: readonly number[]): number {
  ctx.db.run(sqlBuilder.deleteFrom('task_dependencies').where('task_id', '=', task));
  return insertDependencies(ctx, task, on);
}

const dependsOn = prepared<{ id: number }, { depends_on: number }>((p) =>
  sqlBuilder
    .selectFrom('task_dependencies')
    .select('depends_on')
    .where('task_id', '=', p.id)
    .orderBy('depends_on'),
);

/** The tasks that a task depends on; numbers, ascending. */
export function dependenciesOf(ctx: Context, task: number): number[] {
  return ctx.db.all(dependsOn, { id: task }).map(({ depends_on }) => depends_on);
}

/**
 * Refuses dependencies that do not exist or would close a circle.
 * @throws CodepaktError `unknown_dependency`, `circular_dependency` naming the circle
 */
export function checkDependencies(ctx: Context, task: number, on: readonly number[]): void {
  for (const number of on) {
    if (ctx.db.first(statusOf, { id: number }) === undefined && number !== task) {
      throw unknownDependency(taskId(number));
    }
  }
  const circle = findCircle(task, on, (number) => dependenciesOf(ctx, number));
  if (circle !== undefined) throw circularDependency(circle.map(taskId));
}

/** A dependency that names no task. */
export function unknownDependency(name: string): CodepaktError {
  return new CodepaktError('unknown_dependency', `depends_on names ${name}, which does not exist`, {
    hint: 'Create it first, or in one batch give it a `key` and name that.',
    details: { depends_on: name },
  });
}

/** A circle of dependencies, told as `T-003 → T-007 → T-003`. */
export function circularDependency(circle: readonly string[]): CodepaktError {
  return new CodepaktError(
    'circular_dependency',
    `this would close a circle of dependencies: ${circle.join(' → ')}`,
    { hint: 'Leave one of these dependencies out.', details: { circle } },
  );
}

/**
 * The circle that `start` would be in if it depended on `on`, from `start` to `start`; or undefined.
 * Walks with a list of its own, so a chain of any length fits.
 */
export function findCircle<Node>(
  start: Node,
  on: readonly Node[],
  next: (node: Node) => readonly Node[],
): Node[] | undefined {
  const cameFrom = new Map<Node, Node>();
  const toVisit: Node[] = [];
  const visit = (node: Node, from: Node) => {
    if (cameFrom.has(node)) return;
    cameFrom.set(node, from);
    toVisit.push(node);
  };
  for (const node of on) visit(node, start);
  for (let node = toVisit.pop(); node !== undefined; node = toVisit.pop()) {
    if (node === start) return pathBack(start, cameFrom);
    for (const further of next(node)) visit(further, node);
  }
  return undefined;
}

function pathBack<Node>(start: Node, cameFrom: ReadonlyMap<Node, Node>): Node[] {
  const path = [start];
  let node = cameFrom.get(start);
  while (node !== undefined && node !== start) {
    path.push(node);
    node = cameFrom.get(node);
  }
  return [...path, start].reverse();
}
