import { temporaryProject } from '@codepakt/core/testing';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { CommitQueue } from './commit-queue.ts';

/** A queue over a real board, and how many transactions it began. */
function queueOver(board: ReturnType<typeof temporaryProject>, busy_ms = 2_000) {
  const project = board.reopen({ busy_timeout_ms: 0 });
  const groups: number[] = [];
  const queue = new CommitQueue({
    busy_ms,
    project: {
      writeAll: (works) => {
        const settled = project.writeAll(works);
        groups.push(works.length);
        return settled;
      },
    },
  });
  return { project, queue, groups };
}

describe('writes that arrive together', () => {
  test('share one commit, and each gets its own answer', async () => {
    using board = temporaryProject();
    const { project, queue, groups } = queueOver(board);
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((title) => queue.write(() => project.tasks.create({ title }).id)),
    );
    expect(answers).toEqual(['T-001', 'T-002', 'T-003']);
    expect(groups).toEqual([3]);
    expect(queue.isEmpty).toBe(true);
  });

  test('do not disturb each other: one that fails leaves nothing behind', async () => {
    using board = temporaryProject();
    const { project, queue, groups } = queueOver(board);
    const create = (title: string) => queue.write(() => project.tasks.create({ title }));
    const failing = queue.write(() => {
      project.tasks.create({ title: 'is taken back' });
      throw new RangeError('no');
    });
    const settled = await Promise.allSettled([create('a'), failing, create('b')]);
    expect(settled.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(settled[1]).toMatchObject({ reason: expect.any(RangeError) });
    expect(groups).toEqual([3]);
    expect(board.project.tasks.list().items.map(({ title }) => title)).toEqual(['a', 'b']);
  });

  test('wait for others until a turn of the event loop brings none', async () => {
    using board = temporaryProject();
    const { project, queue, groups } = queueOver(board);
    const create = () => queue.write(() => project.tasks.create({ title: 'a' }));
    const first = create();
    await nextTurn();
    const second = create();
    await nextTurn();
    const third = create();
    await Promise.all([first, second, third]);
    await create();
    expect(groups).toEqual([3, 1]);
  });

  test('wait for no more once they are ten, although each turn brings another', async () => {
    using board = temporaryProject();
    const { project, queue, groups } = queueOver(board);
    const all: Promise<unknown>[] = [];
    while (groups.length === 0) {
      all.push(queue.write(() => project.tasks.create({ title: 'a' })));
      await nextTurn();
    }
    await Promise.all(all);
    expect(groups[0]).toBe(10);
  });

  test('are done in groups when they are very many, in the order they came', async () => {
    using board = temporaryProject();
    const { project, queue, groups } = queueOver(board);
    const all = Array.from({ length: 300 }, (_, n) =>
      queue.write(() => project.tasks.create({ title: `task ${n}` }).title),
    );
    expect(await Promise.all(all)).toEqual(Array.from({ length: 300 }, (_, n) => `task ${n}`));
    expect(groups).toEqual([128, 128, 44]);
  });
});

describe('while another process holds the database', () => {
  test('a write waits for it without stopping the event loop', async () => {
    using board = temporaryProject();
    const { project, queue } = queueOver(board);
    const release = hold(board.file);
    let ticks = 0;
    const ticking = setInterval(() => {
      ticks += 1;
    }, 5);
    const answer = queue.write(() => project.tasks.create({ title: 'late' }).id);
    setTimeout(release, 200);
    expect(await answer).toBe('T-001');
    clearInterval(ticking);
    expect(ticks).toBeGreaterThan(10);
  });

  test('a write is given up in the end, and the next one works again', async () => {
    using board = temporaryProject();
    const { project, queue } = queueOver(board, 100);
    const release = hold(board.file);
    const started = performance.now();
    const refusal = queue.write(() => project.tasks.create({ title: 'never' }));
    await expect(refusal).rejects.toMatchObject({ code: 'busy' });
    expect(performance.now() - started).toBeGreaterThan(95);
    release();
    const task = await queue.write(() => project.tasks.create({ title: 'now' }));
    expect(task.id).toBe('T-001');
    await queue.drained();
  });

  test('the first write after all were given up does not wait for others that were refused', async () => {
    using board = temporaryProject();
    const { project, queue, groups } = queueOver(board, 100);
    const release = hold(board.file);
    const create = () => queue.write(() => project.tasks.create({ title: 'a' }));
    await expect(create()).rejects.toMatchObject({ code: 'busy' });
    release();
    const task = create();
    await nextTurn();
    await nextTurn();
    expect(groups).toEqual([1]);
    await task;
  });
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Holds the write lock, as a process in the middle of a transaction does, until it is released. */
function hold(file: string): () => void {
  const other = new Sqlite(file);
  other.exec('BEGIN IMMEDIATE');
  return () => {
    other.exec('ROLLBACK');
    other.close();
  };
}
