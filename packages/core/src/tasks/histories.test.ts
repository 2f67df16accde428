import { CodepaktError, STATUSES, type TaskDetail } from '@codepakt/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Database } from '../database/database.ts';
import { findDamage } from '../doctor/find-damage.ts';
import { replayTasks, toReplayed } from '../events/replay.ts';
import type { Project } from '../project.ts';
import { BoardModel } from '../testing/board-model.ts';
import { temporaryProject } from '../testing/temporary-project.ts';
import { toEnd } from '../to-end.ts';

const AGENTS = ['ada', 'bob', 'cy'];

const agent = fc.constantFrom(...AGENTS);
const actor = fc.option(agent, { nil: undefined });
/** Picks one of the tasks that there are by the time it is used. */
const which = fc.nat();
const priority = fc.constantFrom('P0', 'P1', 'P2');

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('create'),
      on: fc.array(which, { maxLength: 3 }),
      priority,
      hold: fc.boolean(),
      for: actor,
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pickup'), agent }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('done'), which, as: actor }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('approve'), which, as: actor }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('reject'), which, as: actor, reopen: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('block'), which, as: actor }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unblock'), which, as: actor }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('release'), which, as: actor }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel'), which, as: actor }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('status'), which, to: fc.constantFrom(...STATUSES) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('depend'),
      which,
      on: fc.array(which, { maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('hold'), which, hold: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('note'), which, as: actor }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('later'), seconds: fc.constantFrom(1, 600, 7_300) }),
  },
);
/** Long ones: what goes wrong needs several tasks and a past. */
const history = (maxLength: number) => fc.array(step, { minLength: 10, maxLength, size: 'max' });
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

describe('random histories', { timeout: 120_000 }, () => {
  test('end as a plain model of the rules ends', () => {
    fc.assert(
      fc.property(history(60), (steps) => {
        using board = temporaryProject();
        const model = new BoardModel();
        for (const each of steps) {
          if (each.do === 'later') continue; // leases have a test of their own
          take(board.project, model, each);
          compare(board.project, model);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('are explained by their events, and keep every invariant', () => {
    fc.assert(
      fc.property(history(60), (steps) => {
        using board = temporaryProject();
        for (const each of steps) {
          if (each.do === 'later') board.clock.advance(each.seconds);
          else take(board.project, undefined, each);
          board.project.tick();
        }
        const tasks = all(board.project);
        for (const task of tasks) checkInvariants(task, tasks);
        checkCounts(board.project, tasks);
        checkReplay(board.project, tasks);
      }),
      { numRuns: 150 },
    );
  });

  test('can be undone step by step, each undo giving back what was before', () => {
    fc.assert(
      fc.property(history(30), fc.nat(), (steps, seed) => {
        using board = temporaryProject();
        const { project } = board;
        for (const each of steps.slice(0, -1)) {
          if (each.do === 'later') board.clock.advance(1);
          else take(project, undefined, each);
        }
        const before = all(project);
        const last = project.events.lastId();
        const final = steps.at(-1);
        if (final === undefined || final.do === 'later') return;
        take(project, undefined, final);
        const first = project.events.after(last, {}, 1)[0];
        if (first === undefined || first.action === 'task_created') return;
        board.clock.advance(seed % 5);
        project.events.undo(first.id);
        expect(all(project).map(withoutTrace)).toEqual(before.map(withoutTrace));
        const tasks = all(project);
        for (const task of tasks) checkInvariants(task, tasks);
        checkReplay(project, tasks);
      }),
      { numRuns: 250 },
    );
  });
});

/** Does one step on the board and, where the board let it, on the model. */
function take(project: Project, model: BoardModel | undefined, each: Step): void {
  const ids = all(project).map(({ id }) => id);
  const pick = (n: number) => ids[n % ids.length] ?? 'T-999';
  if (each.do === 'create') {
    const depends_on = ids.length === 0 ? [] : [...new Set(each.on.map(pick))];
    const input = {
      priority: each.priority,
      hold: each.hold,
      assignee: each.for ?? null,
      depends_on,
    };
    project.tasks.create({ title: `task ${ids.length + 1}`, ...input }, {});
    model?.create(input);
    return;
  }
  if (each.do === 'pickup') {
    const expected = model?.next(each.agent);
    const { task } = project.tasks.pickUp({ agent: each.agent });
    if (model !== undefined) expect(task?.id).toBe(expected);
    if (task !== null) model?.claim(task.id, each.agent);
    return;
  }
  if (each.do === 'later' || ids.length === 0) return;
  const id = pick(each.which);
  if (each.do === 'depend') {
    const depends_on = [...new Set(each.on.map(pick))];
    const circle = model?.closesCircle(id, depends_on);
    const done = attempt(() => project.tasks.update(id, { depends_on }));
    if (circle !== undefined) expect(done).toBe(!circle);
    if (done) model?.setDependencies(id, depends_on);
    return;
  }
  if (attempt(() => act(project, id, each))) follow(model, id, each);
}

type Act = Exclude<Step, { do: 'create' | 'pickup' | 'later' | 'depend' }>;

function act(project: Project, id: string, each: Act): unknown {
  const { tasks } = project;
  switch (each.do) {
    case 'done':
      return tasks.done(id, { agent: each.as, note: 'n' });
    case 'approve':
      return tasks.approve(id, { agent: each.as });
    case 'reject':
      return tasks.reject(id, { agent: each.as, reason: 'r', reopen: each.reopen });
    case 'block':
      return tasks.block(id, { agent: each.as, reason: 'r' });
    case 'unblock':
      return tasks.unblock(id, { agent: each.as });
    case 'release':
      return tasks.release(id, { agent: each.as });
    case 'cancel':
      return tasks.cancel(id, { agent: each.as, reason: 'r' });
    case 'note':
      return tasks.note(id, { agent: each.as, body: 'n' });
    case 'status':
      return tasks.update(id, { status: each.to });
    case 'hold':
      return tasks.update(id, { hold: each.hold });
  }
}

function follow(model: BoardModel | undefined, id: string, each: Act): void {
  const task = model?.tasks.get(id);
  if (model === undefined || task === undefined) return;
  switch (each.do) {
    case 'done':
      if (task.status === 'in-progress') model.setStatus(id, 'review');
      return;
    case 'approve':
      model.setStatus(id, 'done');
      return;
    case 'reject':
      model.setStatus(id, each.reopen || task.assignee === null ? 'open' : 'in-progress');
      return;
    case 'block':
      model.setStatus(id, 'blocked');
      return;
    case 'unblock':
    case 'release':
      model.setStatus(id, 'open');
      return;
    case 'cancel':
      model.setStatus(id, 'cancelled');
      return;
    case 'status':
      if (task.status !== each.to || each.to === 'backlog') model.setStatus(id, each.to);
      return;
    case 'hold':
      model.setHold(id, each.hold);
      return;
    case 'note':
      return;
  }
}

/** Whether the board let it; any error that is not one of ours is a bug. */
function attempt(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (error instanceof CodepaktError && error.code !== 'internal') return false;
    throw error;
  }
}

function all(project: Project): TaskDetail[] {
  const { items } = project.tasks.list({ all: true, sort: 'id', limit: 500, fields: ['id'] });
  return items.map(({ id }) => project.tasks.get(id ?? ''));
}

function compare(project: Project, model: BoardModel): void {
  const seen = all(project).map(({ id, status, hold, assignee, deps_met, depends_on }) => ({
    id,
    status,
    hold,
    assignee,
    deps_met,
    depends_on,
  }));
  const expected = [...model.tasks].map(([id, { status, hold, assignee, depends_on }]) => ({
    id,
    status,
    hold,
    assignee,
    deps_met: model.isMet(id),
    depends_on: [...depends_on].sort(),
  }));
  expect(seen).toEqual(expected);
}

function checkInvariants(task: TaskDetail, tasks: TaskDetail[]): void {
  const unmet = task.depends_on.filter((id) => {
    const status = tasks.find((other) => other.id === id)?.status ?? 'open';
    return !['review', 'done', 'cancelled'].includes(status);
  });
  expect(task.waits_for).toEqual(unmet);
  expect(task.deps_met).toBe(unmet.length === 0);
  if (task.status === 'open') expect(unmet).toEqual([]);
  if (task.status === 'backlog' && !task.hold) expect(unmet).not.toEqual([]);
  if (task.status !== 'backlog') expect(task.hold).toBe(false);
  if (task.status !== 'in-progress') expect(task.lease_expires_at).toBeNull();
  if (task.status !== 'blocked') expect(task.blocker_reason).toBeNull();
  expect(task.completed_at !== null).toBe(task.status === 'review' || task.status === 'done');
}

function checkCounts(project: Project, tasks: TaskDetail[]): void {
  const { counts, total, held } = project.board.status();
  for (const status of STATUSES) {
    expect(counts[status]).toBe(tasks.filter((task) => task.status === status).length);
  }
  expect(total).toBe(tasks.length);
  expect(held).toBe(tasks.filter(({ hold }) => hold).length);
}

function checkReplay(project: Project, tasks: TaskDetail[]): void {
  const replayed = replayTasks(project.events.after(0, {}, 100_000));
  expect([...replayed.values()]).toEqual(tasks.map(toReplayed));
  const db = new Database(project.file, { busy_timeout_ms: 0, auto_checkpoint: false });
  expect(toEnd(findDamage(db))).toBeUndefined();
  db.close();
}

/** What an undo cannot give back: counters grow, and time goes on. */
function withoutTrace({
  version,
  updated_at,
  claim,
  expiries,
  lease_expires_at,
  ...rest
}: TaskDetail) {
  return rest;
}
