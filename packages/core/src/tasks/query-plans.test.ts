import Sqlite from 'better-sqlite3';
import { describe, expect, test, vi } from 'vitest';
import type { Project } from '../project.ts';
import { type TemporaryProject, temporaryProject } from '../testing/temporary-project.ts';

/** Tables and indexes that stay small however much work a board has seen. */
const SMALL = ['task_counts', 'projects', 'agents', 'tasks_touching'];

const VERIFICATION = { command: 'npm test', exit_code: 0, duration_ms: 1, output: 'ok' };

/** What agents and the daemon do all day. None of it may cost more on a bigger board. */
const HOT: Record<string, (project: Project) => unknown> = {
  'a pickup': ({ tasks }) => tasks.pickUp({ agent: 'bob' }),
  'a pickup of an epic': ({ tasks }) => tasks.pickUp({ agent: 'bob', epic: 'web' }),
  'a pickup by id': ({ tasks }) => tasks.pickUp({ agent: 'bob', id: 'T-003' }),
  'a pickup that finds nothing': ({ tasks }) => tasks.pickUp({ agent: 'bob', tags: ['rare'] }),
  'a pickup that finds nothing of its epic': ({ tasks }) =>
    tasks.pickUp({ agent: 'bob', epic: 'none' }),
  'a heartbeat': ({ tasks }) => tasks.heartbeat('T-001', { agent: 'ada' }),
  'a note': ({ tasks }) => tasks.note('T-001', { agent: 'ada', body: 'n' }),
  'a done that opens what waited': ({ tasks }) => tasks.done('T-001', { agent: 'ada', note: 'n' }),
  'a done that comes too late': ({ tasks }) => refused(() => tasks.done('T-002', { agent: 'ada' })),
  'a release': ({ tasks }) => tasks.release('T-001', { agent: 'ada' }),
  'a block': ({ tasks }) => tasks.block('T-001', { agent: 'ada', reason: 'r' }),
  'an unblock': ({ tasks }) => tasks.unblock('T-002'),
  'a verification': ({ tasks }) =>
    tasks.recordVerification('T-001', { agent: 'ada', ...VERIFICATION }),
  'a new task': ({ tasks }) => tasks.create({ title: 'new', depends_on: ['T-001'] }),
  'other dependencies': ({ tasks }) => tasks.update('T-004', { depends_on: ['T-001', 'T-002'] }),
  'a look at one task': ({ tasks }) => tasks.get('T-004'),
  'the list': ({ tasks }) => pages((cursor) => tasks.list({ limit: 2, ...cursor })),
  'the list of a status': ({ tasks }) =>
    pages((cursor) => tasks.list({ status: ['backlog'], limit: 2, ...cursor })),
  'the list of a priority': ({ tasks }) =>
    pages((cursor) => tasks.list({ priority: ['P1'], limit: 2, ...cursor })),
  'the list of what is ready': ({ tasks }) => tasks.list({ ready: true }),
  'the list of what is ready for an agent': ({ tasks }) =>
    tasks.list({ ready: true }, { agent: 'bob' }),
  "an agent's own list": ({ tasks }) =>
    pages((cursor) => tasks.list({ assignee: 'ada', limit: 1, ...cursor })),
  'the list of an epic': ({ tasks }) =>
    pages((cursor) => tasks.list({ epic: 'web', limit: 2, ...cursor })),
  'the counts': ({ board }) => board.status(),
  'the agents': ({ agents }) => agents.list(),
  'a sign of life': ({ agents }) => agents.touch('ada'),
  'the events since one': ({ events }) => events.after(events.lastId() - 1, {}, 100),
  'the newest events': ({ events }) => pages((cursor) => events.list({ limit: 2, ...cursor })),
  'the events of a task': ({ events }) =>
    pages((cursor) => events.list({ task: 'T-001', limit: 2, ...cursor })),
  'the events of an agent': ({ events }) => events.list({ agent: 'ada' }),
  'the events of a kind': ({ events }) => events.list({ action: ['task_pickup'] }),
  'an idempotency key': (project) => project.write(() => project.once('k', 'f', () => 1)),
  'a second of the daemon': (project) => project.tick(),
  'the start of the daemon': (project) => project.graceLeases(),
};

describe('no table is read through, and nothing is sorted, for', () => {
  test.each(Object.entries(HOT))('%s', (_, work) => {
    using board = busyBoard();
    const plans = plansOf(board, work);
    expect(plans).not.toEqual([]);
    expect(plans.filter(isCostly)).toEqual([]);
  });
});

/** Where nothing is found, what is meant for others is counted, and each kind of task looked at once. */
const WHY_NOTHING = [
  'tasks_ready (assignee>?)',
  'tasks_ready_of_kind ((touches,tags,capabilities)',
] as const;

/** For the agent's own there is one look; for anybody's a second one, past the first task. */
test('tasks that are meant for others are not in the way of a pickup', () => {
  using board = busyBoard();
  const used = (work: (project: Project) => unknown) =>
    plansOf(board, work).flatMap(
      ({ steps }) => steps.join().match(/tasks_ready\S* \(.*?\)/g) ?? [],
    );
  expect(used(({ tasks }) => tasks.pickUp({ agent: 'bob', tags: ['rare'] }))).toEqual([
    'tasks_ready (assignee=?)',
    ...Array(2).fill('tasks_ready (assignee=?)'),
    ...WHY_NOTHING,
  ]);
  expect(used(({ tasks }) => tasks.pickUp({ agent: 'bob', epic: 'web', tags: ['rare'] }))).toEqual([
    'tasks_ready_of_epic (epic=? AND assignee=?)',
    ...Array(2).fill('tasks_ready_of_epic (epic=? AND assignee=?)'),
    ...WHY_NOTHING,
  ]);
});

test('a plan that reads a table through, or sorts it, is seen', () => {
  using board = busyBoard();
  const faults = (sql: string) => [explain(board.file, sql)].filter(isCostly).length;
  expect(faults('SELECT id FROM tasks WHERE title = ?')).toBe(1);
  expect(faults('SELECT id FROM tasks WHERE status = ? ORDER BY created_at')).toBe(1);
  expect(faults('SELECT id FROM events ORDER BY created_at DESC LIMIT 1')).toBe(1);
  expect(faults("SELECT id FROM tasks WHERE status = 'in-progress' AND lease_seconds > 9")).toBe(1);
  expect(faults('SELECT id FROM tasks WHERE id > ? ORDER BY id')).toBe(0);
});

interface Plan {
  sql: string;
  steps: string[];
}

function isCostly({ sql, steps }: Plan): boolean {
  return steps.some((step) => isScan(step, sql) || isSort(step, sql) || isBroad(step, sql));
}

/** Harmless over a small table, and in the order of an index or of the rows up to a LIMIT. */
function isScan(step: string, sql: string): boolean {
  const [, table, index] = /^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?/.exec(step) ?? [];
  if (table === undefined || SMALL.includes(table) || SMALL.includes(index ?? '')) return false;
  const inOrder = index !== undefined || !/\bwhere\b/i.test(sql);
  return !(inOrder && /\blimit\b/i.test(sql));
}

/** Harmless where what is sorted is a page, or what is in progress just now. */
function isSort(step: string, sql: string): boolean {
  const isBounded = /"task_id" in \(|"status" = 'in-progress'|from "agents"/.test(sql);
  return step.includes('TEMP B-TREE') && !isBounded;
}

/** A search that finds all tasks of a status; but for who lists or counts them. */
function isBroad(step: string, sql: string): boolean {
  const wantsAll = /"assignee" is not null order by "id"|count\(\*\)/.test(sql);
  return /INDEX tasks_by_status \(status=\?\)/.test(step) && !/\blimit\b/i.test(sql) && !wantsAll;
}

/** The plans of all that is run by some work, as SQLite tells them. */
function plansOf(board: TemporaryProject, work: (project: Project) => unknown): Plan[] {
  const project = board.reopen();
  const prepare = vi.spyOn(Sqlite.prototype, 'prepare');
  try {
    work(project);
    const texts = prepare.mock.calls.map(([sql]) => sql);
    return texts
      .filter((sql) => /^\s*(?:select|insert|update|delete|with)\b/i.test(sql))
      .map((sql) => explain(board.file, sql));
  } finally {
    prepare.mockRestore();
  }
}

function explain(file: string, sql: string): Plan {
  const sqlite = new Sqlite(file, { readonly: true });
  const parameters = sql.replaceAll(/'[^']*'/g, '').split('?').length - 1;
  const rows = sqlite
    .prepare<null[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...Array<null>(parameters).fill(null));
  sqlite.close();
  return { sql, steps: rows.map(({ detail }) => detail) };
}

/** A board on which every kind of query finds something. */
function busyBoard(): TemporaryProject {
  const board = temporaryProject();
  const { tasks } = board.project;
  tasks.createBatch([
    { key: 'a', title: 'held by ada', priority: 'P0', touches: ['src/a/**'], epic: 'web' },
    { key: 'b', title: 'blocked', priority: 'P0' },
    { title: 'open', epic: 'web', tags: ['api'], capabilities: ['go'], touches: ['src/b/**'] },
    { title: 'waits', depends_on: ['a'] },
    { title: 'waits for two', depends_on: ['a', 'b'] },
    { title: 'waits too', depends_on: ['b'] },
    { title: 'meant for cy', assignee: 'cy', epic: 'web' },
  ]);
  tasks.pickUp({ agent: 'ada' });
  tasks.note('T-001', { agent: 'ada', body: 'under way' });
  tasks.pickUp({ agent: 'ada' });
  tasks.block('T-002', { agent: 'ada', reason: 'no key' });
  return board;
}

/** The first page and the one after it: a cursor makes another query. */
function pages(list: (cursor: { cursor?: string }) => { next_cursor: string | null }): void {
  const { next_cursor } = list({});
  if (next_cursor === null) throw new Error('the list has one page only');
  list({ cursor: next_cursor });
}

function refused(work: () => unknown): void {
  expect(work).toThrow(/over|nothing was changed/);
}
