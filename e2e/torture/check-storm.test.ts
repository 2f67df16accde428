import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { type TemporaryProject, temporaryProject } from '../../packages/core/src/testing/index.ts';
import { checkStorm } from './check-storm.ts';
import { type Claim, type Verb, writeEntry } from './journal.ts';

/** A board of two tasks that one agent has finished, and a journal that says just that. */
class SmallStorm implements Disposable {
  readonly board: TemporaryProject = temporaryProject();
  readonly journals = join(this.board.file, '..', 'journals');
  #calls = 0;

  constructor() {
    mkdirSync(this.journals);
    const { tasks } = this.board.project;
    tasks.createBatch([
      { key: 'a', title: 'a' },
      { title: 'b', depends_on: ['a'] },
    ]);
    for (const task of ['T-001', 'T-002']) {
      tasks.pickUp({ agent: 'ada' });
      this.tell('pickup', undefined, { task: { id: task, claim: 1 } });
      tasks.done(task, { agent: 'ada' });
      this.tell('done', { task, claim: 1 }, { id: task });
    }
  }

  /** What an agent was answered; no answer: it was cut off. */
  tell(verb: Verb, on: Claim | undefined, answer?: unknown, code = 0, by = 'ada'): void {
    const file = join(this.journals, `${by}.jsonl`);
    const call = ++this.#calls;
    writeEntry(file, { kind: 'asked', by, call, verb, on });
    if (answer === undefined) return;
    writeEntry(file, { kind: 'answered', by, call, code, answer, error: undefined });
  }

  faults(): string {
    return checkStorm(this.board.file, this.journals).faults.join('\n');
  }

  [Symbol.dispose](): void {
    this.board[Symbol.dispose]();
  }
}

describe('the check of a storm', () => {
  test('finds nothing where every answer has its event', () => {
    using storm = new SmallStorm();
    expect(storm.faults()).toBe('');
  });

  test('finds a claim that was acknowledged and is not there', () => {
    using storm = new SmallStorm();
    storm.tell('pickup', undefined, { task: { id: 'T-002', claim: 2 } }, 0, 'bob');
    expect(storm.faults()).toContain('acknowledged, but not in the events: call 5 of bob, pickup');
  });

  test('finds a change that was acknowledged twice and made once', () => {
    using storm = new SmallStorm();
    storm.tell('done', { task: 'T-001', claim: 1 }, { id: 'T-001' });
    expect(storm.faults()).toContain('acknowledged, but not in the events: call 5 of ada, done');
  });

  test('finds a change that nobody asked for, and lets one pass whose call was cut off', () => {
    using storm = new SmallStorm();
    storm.board.project.tasks.create({ title: 'c' });
    storm.board.project.tasks.pickUp({ agent: 'bob' });
    expect(storm.faults()).toContain('1 changes that nobody asked for: bob task_pickup');
    storm.tell('pickup', undefined, undefined, 0, 'bob');
    expect(storm.faults()).not.toContain('nobody asked for');
  });

  test('finds a task that is not finished, or was finished twice', () => {
    using storm = new SmallStorm();
    const { tasks } = storm.board.project;
    tasks.reject('T-002', { reason: 'r' });
    expect(storm.faults()).toContain('T-002 is in-progress');
    tasks.done('T-002', { agent: 'ada' });
    expect(storm.faults()).toContain('T-002 was completed 2 times');
  });

  test('finds a refusal without a reason, and lets one pass that followed an expiry', () => {
    using storm = new SmallStorm();
    const { project, clock } = storm.board;
    project.tasks.create({ title: 'c' });
    project.tasks.pickUp({ agent: 'bob', lease: 60 });
    storm.tell('pickup', undefined, { task: { id: 'T-003', claim: 1 } }, 0, 'bob');
    storm.tell('done', { task: 'T-003', claim: 1 }, null, 4, 'bob');
    expect(storm.faults()).toContain('refused without a reason: call 6 of bob, done');
    clock.advance(61);
    project.tick();
    expect(storm.faults()).not.toContain('refused without a reason');
  });

  test('finds two owners, a claim that does not grow, and work begun too early', () => {
    using storm = new SmallStorm();
    const { project } = storm.board;
    project.tasks.createBatch([
      { key: 'c', title: 'c' },
      { title: 'd', depends_on: ['c'] },
    ]);
    forge(storm, 'T-004', 'ada', { status: ['backlog', 'in-progress'], claim: [0, 1] });
    forge(storm, 'T-003', 'bob', { status: ['open', 'in-progress'], claim: [0, 1] });
    forge(storm, 'T-003', 'cy', { claim: [1, 1] });
    const faults = storm.faults();
    expect(faults).toContain('T-004 was picked up before T-003, on which it depends');
    expect(faults).toContain('T-003 had two owners: bob and cy (claim 1)');
    expect(faults).toContain('T-003: claim 1 came after claim 1');
    expect(faults).toContain('T-003 is not what its events tell');
  });
});

/** An event that core would never write. */
function forge({ board }: SmallStorm, task: string, agent: string, detail: object): void {
  const sqlite = new DatabaseSync(board.file);
  sqlite
    .prepare(
      `INSERT INTO events (task_id, agent, action, version, detail, created_at)
       VALUES (?, ?, 'task_pickup', 2, ?, '2026-01-01T00:00:00.000Z')`,
    )
    .run(Number(task.slice(2)), agent, JSON.stringify(detail));
  sqlite.close();
}
