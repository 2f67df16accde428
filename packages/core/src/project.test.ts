import { CodepaktError } from '@codepakt/contract';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { temporaryProject } from './testing/temporary-project.ts';

test('a repeat with the same key gets the first answer and changes nothing', () => {
  using board = temporaryProject();
  const { project } = board;
  project.tasks.createBatch([{ title: 'one' }, { title: 'two' }]);
  const pickUp = () =>
    project.write(() => project.once('k', 'f', () => project.tasks.pickUp({ agent: 'ada' })));
  const first = pickUp();
  const last = project.events.lastId();
  expect(pickUp()).toEqual(first);
  using other = board.reopen();
  expect(
    other.write(() => other.once('k', 'f', () => other.tasks.pickUp({ agent: 'ada' }))),
  ).toEqual(first);
  expect(project.events.lastId()).toBe(last);
  expect(() => project.write(() => project.once('k', 'g', () => 1))).toThrow(
    expect.objectContaining({ code: 'idempotency_mismatch' }),
  );
});

describe('a key', () => {
  /** A board on which requests are sent, each under a key. */
  function keyed() {
    const board = temporaryProject();
    const { project, clock } = board;
    const count = () => {
      const sqlite = new Sqlite(project.file);
      const counted = sqlite.prepare('SELECT count(*) FROM idempotency_keys').pluck().get();
      sqlite.close();
      return counted;
    };
    return {
      project,
      clock,
      count,
      send: (key: string) =>
        project.write(() => project.once(key, 'f', () => project.tasks.create({ title: key }).id)),
      sendOthers: (prefix: string, times: number) =>
        project.write(() => {
          for (let n = 0; n < times; n += 1) project.once(`${prefix}-${n}`, 'f', () => n);
        }),
      [Symbol.dispose]: () => board[Symbol.dispose](),
    };
  }
  const DAY_S = 24 * 3_600;

  test('is forgotten after a day, when others have come since', () => {
    using board = keyed();
    expect([board.send('k'), board.send('k')]).toEqual(['T-001', 'T-001']);
    board.clock.advance(DAY_S - 1);
    board.sendOthers('other', 200);
    board.project.tick();
    expect(board.send('k')).toBe('T-001');
    board.clock.advance(2);
    board.project.tick();
    expect(board.count()).toBe(200);
    expect(board.send('k')).toBe('T-002');
  });

  test('is not forgotten by a clock that is set while the call is under way', () => {
    using board = keyed();
    board.sendOthers('before', 300);
    board.send('k');
    for (const seconds of [400 * DAY_S, -800 * DAY_S]) {
      board.clock.advance(seconds);
      board.project.tick();
      expect(board.send('k')).toBe('T-001');
    }
  });

  test('that a clock far ahead has dated keeps no later one from being forgotten', () => {
    using board = keyed();
    board.clock.advance(3_650 * DAY_S);
    board.send('ahead');
    board.clock.advance(-3_650 * DAY_S);
    board.sendOthers('later', 300);
    board.project.tick();
    expect(board.count()).toBe(300);
    board.clock.advance(DAY_S + 1);
    board.project.tick();
    expect(board.count()).toBe(200);
  });

  test('is forgotten bit by bit where there are very many', () => {
    using board = keyed();
    board.sendOthers('k', 20_500);
    board.clock.advance(DAY_S + 1);
    const counts = [1, 2, 3].map(() => {
      board.project.tick();
      return board.count();
    });
    expect(counts).toEqual([10_500, 500, 200]);
  });
});

test('a sign of life that is taken back with what shared its commit is given again', () => {
  using board = temporaryProject();
  const { project } = board;
  project.tasks.create({ title: 'one' });
  const fail = () => {
    project.tasks.note('T-001', { body: 'n' });
    throw new CodepaktError('busy', 'after it had written');
  };
  project.writeAll([() => project.agents.touch('ada'), fail]);
  expect(project.agents.list()).toMatchObject([{ name: 'ada' }]);
});

test('works that share a commit fail one by one', () => {
  using board = temporaryProject();
  const { project } = board;
  const results = project.writeAll([
    () => project.tasks.create({ title: 'one' }).id,
    () => {
      project.tasks.create({ title: 'lost' });
      throw new CodepaktError('internal', 'no');
    },
    () => project.tasks.create({ title: 'two' }).id,
  ]);
  expect(results).toMatchObject([{ value: 'T-001' }, { ok: false }, { value: 'T-002' }]);
  expect(project.tasks.list({ sort: 'id' }).items.map(({ title }) => title)).toEqual([
    'one',
    'two',
  ]);
});

test('works that share a commit are run once more only when one that failed had written', () => {
  using board = temporaryProject();
  const { project } = board;
  let runs = 0;
  const create = () => {
    runs += 1;
    return project.tasks.create({ title: 'counted' }).id;
  };
  const unknown = () => project.tasks.done('T-999', {});
  expect(project.writeAll([create, unknown, create])).toMatchObject([
    { value: 'T-001' },
    { error: { code: 'task_not_found' } },
    { value: 'T-002' },
  ]);
  expect(runs).toBe(2);
  const late = () => project.tasks.done('T-999', { agent: 'ada' });
  expect(project.writeAll([create, late])).toMatchObject([{ value: 'T-003' }, { ok: false }]);
  expect(runs).toBe(4);
  expect(project.agents.list()).toEqual([]);
});

test('what fails inside a work that goes on leaves nothing behind, alone or in a shared commit', () => {
  using board = temporaryProject();
  const { project } = board;
  const goOn = () => {
    try {
      project.write(() => {
        project.tasks.create({ title: 'lost' });
        throw new Error('no');
      });
    } catch {
      // It goes on.
    }
    return project.tasks.create({ title: 'kept' }).id;
  };
  expect(project.write(goOn)).toBe('T-001');
  expect(project.writeAll([goOn])).toEqual([{ ok: true, value: 'T-002' }]);
  expect(project.tasks.list({}).items.map(({ title }) => title)).toEqual(['kept', 'kept']);
});

test('a write that finds the lock taken says busy and leaves nothing', () => {
  using board = temporaryProject();
  using other = board.reopen({ busy_timeout_ms: 0 });
  board.project.write(() => {
    expect(() => other.tasks.create({ title: 'one' })).toThrow(
      expect.objectContaining({ code: 'busy' }),
    );
    expect(other.tasks.list({}).items).toEqual([]);
  });
  expect(other.tasks.create({ title: 'one' }).id).toBe('T-001');
});

test('the audit log cannot be changed, not even by hand', () => {
  using board = temporaryProject();
  const change = () => board.project.tasks.create({ title: 'one' });
  change();
  const { events } = board.project;
  expect(events.lastId()).toBe(2);
  expect(() => runSql(board.file, 'DELETE FROM events')).toThrow('append-only');
  expect(() => runSql(board.file, "UPDATE events SET action = 'x'")).toThrow('append-only');
});

test('lists go on where they ended, in every order', () => {
  using board = temporaryProject();
  const { tasks } = board.project;
  for (let n = 0; n < 30; n++) {
    board.clock.advance(n % 3);
    tasks.create({ title: `task ${n}`, priority: (['P0', 'P1', 'P2'] as const)[n % 3] ?? 'P1' });
  }
  tasks.update('T-004', { status: 'review' });
  tasks.update('T-009', { status: 'done' });
  for (const sort of ['priority', 'id', 'created_at', 'updated_at', 'completed_at'] as const) {
    const whole = tasks.list({ sort, all: true }).items.map(({ id }) => id);
    const pages: unknown[] = [];
    let cursor: string | null | undefined;
    do {
      const page = tasks.list({ sort, all: true, limit: 7, ...(cursor ? { cursor } : {}) });
      pages.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(pages).toEqual(whole);
    expect(new Set(pages).size).toBe(30);
  }
});

test('a page of tasks ends before its texts come to more than we would take in at once', () => {
  using board = temporaryProject();
  const { tasks } = board.project;
  const long = '€'.repeat(20_000);
  tasks.createBatch(Array.from({ length: 150 }, (_, n) => ({ title: `${n}`, description: long })));
  tasks.create({ title: 'noted', priority: 'P0' });
  for (let n = 0; n < 400; n++) tasks.note('T-151', { body: '€'.repeat(4_000) });
  const lengths: number[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = tasks.list({ limit: 500, ...(cursor === undefined ? {} : { cursor }) });
    lengths.push(page.items.length);
    if (page.next_cursor === null) break;
    cursor = page.next_cursor;
  }
  // One alone may be larger: a list always goes on.
  expect(lengths).toEqual([1, 69, 69, 12]);
  expect(tasks.list({ limit: 500, fields: ['id', 'title'] }).items).toHaveLength(151);
});

test('a list can be searched by words, their beginnings and ids', () => {
  using board = temporaryProject();
  const { tasks } = board.project;
  tasks.createBatch([
    { title: 'Write the parser', description: 'Für Größen' },
    { title: 'Test "everything" (AND more)' },
  ]);
  const ids = (search: string) => tasks.list({ search }).items.map(({ id }) => id);
  expect(ids('pars')).toEqual(['T-001']);
  expect(ids('grossen OR')).toEqual([]);
  expect(ids('größ')).toEqual(['T-001']);
  expect(ids('"everything" (')).toEqual(['T-002']);
  expect(ids('T-2')).toEqual(['T-002']);
});

function runSql(file: string, sql: string): void {
  const db = new Sqlite(file);
  try {
    db.exec(sql);
  } finally {
    db.close();
  }
}
