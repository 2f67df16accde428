import type { ErrorCode } from '@codepakt/contract';
import { describe, expect, test } from 'vitest';
import { refusal } from '../testing/refusal.ts';
import { temporaryProject } from '../testing/temporary-project.ts';

function codeOf(work: () => unknown): ErrorCode {
  return refusal(work).code;
}

describe('a task on its way', () => {
  test('goes from open over in progress and review to done, and every step is told', () => {
    using board = temporaryProject();
    const { tasks, events } = board.project;
    tasks.create({ title: 'one' });
    tasks.pickUp({ agent: 'ada' });
    const finished = tasks.done('T-001', { agent: 'ada', note: 'tests pass' });
    expect(finished).toMatchObject({ status: 'review', completed_by: 'ada', assignee: 'ada' });
    expect(finished.notes).toMatchObject([{ agent: 'ada', body: 'tests pass' }]);
    const approved = tasks.approve('T-001');
    expect(approved).toMatchObject({ status: 'done', reviewed_by: 'human', verification: null });
    expect(events.list({ task: 'T-001', order: 'asc' }).items.map(({ action }) => action)).toEqual([
      'task_created',
      'task_pickup',
      'task_complete',
      'task_approved',
    ]);
  });

  test('in review opens what waited for it, before anybody approved', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.createBatch([
      { key: 'a', title: 'first' },
      { title: 'second', depends_on: ['a'] },
    ]);
    expect(tasks.get('T-002')).toMatchObject({ status: 'backlog', waits_for: ['T-001'] });
    tasks.pickUp({ agent: 'ada' });
    expect(tasks.done('T-001', { agent: 'ada' }).opened).toEqual(['T-002']);
    expect(tasks.get('T-002')).toMatchObject({ status: 'open', waits_for: [], deps_met: true });
  });

  test('sent back closes again what is open, and marks what has begun', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.createBatch([
      { key: 'a', title: 'first' },
      { title: 'begun', depends_on: ['a'] },
      { title: 'still open', depends_on: ['a'] },
    ]);
    tasks.pickUp({ agent: 'ada' });
    tasks.done('T-001', { agent: 'ada' });
    tasks.pickUp({ agent: 'bob' });
    const rejected = tasks.reject('T-001', { agent: 'cy', reason: 'no tests' });
    expect(rejected).toMatchObject({ status: 'in-progress', assignee: 'ada', claim: 2 });
    expect(rejected.reverted).toEqual(['T-002', 'T-003']);
    expect(tasks.get('T-002')).toMatchObject({ status: 'in-progress', deps_met: false });
    expect(tasks.get('T-003')).toMatchObject({ status: 'backlog', deps_met: false });
    expect(board.project.events.list({ task: 'T-002' }).items[0]?.action).toBe('deps_broken');
  });

  test('taken back from done by hand is still the work of who did it, who may not approve it', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.create({ title: 'one' });
    tasks.pickUp({ agent: 'ada' });
    tasks.done('T-001', { agent: 'ada' });
    tasks.approve('T-001', { agent: 'bob' });
    expect(tasks.update('T-001', { status: 'review' })).toMatchObject({ completed_by: 'ada' });
    expect(codeOf(() => tasks.approve('T-001', { agent: 'ada' }))).toBe('self_approval');
  });

  test('opened again by hand for somebody is theirs', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.create({ title: 'one' });
    tasks.pickUp({ agent: 'ada' });
    const opened = tasks.update('T-001', { status: 'open', assignee: 'bob' });
    expect(opened).toMatchObject({ status: 'open', assignee: 'bob' });
    expect(tasks.pickUp({ agent: 'ada' }).task).toBeNull();
    expect(tasks.pickUp({ agent: 'bob' }).task?.id).toBe('T-001');
  });

  test('a claim given along does not make a change of other fields stale', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.create({ title: 'one' });
    tasks.pickUp({ agent: 'ada' });
    const by = { agent: 'ada', if_match: 1 };
    expect(tasks.update('T-001', { title: 'two', claim: 1 }, by)).toMatchObject({ title: 'two' });
    expect(codeOf(() => tasks.update('T-001', { status: 'open' }, by))).toBe('stale_version');
  });

  test('finished twice changes nothing and says so', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.create({ title: 'one' });
    tasks.pickUp({ agent: 'ada' });
    tasks.done('T-001', { agent: 'ada' });
    const again = tasks.done('T-001', { agent: 'ada' });
    expect(again).toMatchObject({ status: 'review', changed: [] });
    expect(again.message).toContain('approve');
    expect(board.project.events.lastId()).toBe(4);
  });

  test('cancelled counts as resolved for the tasks that waited for it', () => {
    using board = temporaryProject();
    const { tasks, events } = board.project;
    tasks.createBatch([
      { key: 'a', title: 'first' },
      { title: 'second', depends_on: ['a'] },
    ]);
    expect(tasks.cancel('T-001').opened).toEqual(['T-002']);
    expect(events.list({ task: 'T-002' }).items[0]).toMatchObject({
      action: 'deps_met',
      detail: { by: 'T-001', by_status: 'cancelled' },
    });
  });

  test('held stays in the backlog when its dependencies are met', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.createBatch([
      { key: 'a', title: 'first' },
      { title: 'second', depends_on: ['a'], hold: true },
    ]);
    expect(tasks.cancel('T-001').opened).toEqual([]);
    expect(tasks.get('T-002')).toMatchObject({ status: 'backlog', hold: true, deps_met: true });
    expect(tasks.update('T-002', { hold: false })).toMatchObject({ status: 'open', hold: false });
  });

  test('asked to be open while it waits goes to the backlog and says for what', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.createBatch([
      { key: 'a', title: 'first' },
      { title: 'second', depends_on: ['a'] },
    ]);
    tasks.block('T-001', {});
    tasks.update('T-002', { status: 'blocked' });
    const result = tasks.unblock('T-002');
    expect(result).toMatchObject({ status: 'backlog', hold: false, waits_for: ['T-001'] });
    expect(result.message).toContain('T-001');
    // It is said too where only the hold goes, and where nothing changes at all.
    for (const patch of [{ status: 'open' }, { status: 'open' }, { hold: false }] as const) {
      expect(tasks.update('T-002', patch).message).toContain('waits for T-001');
    }
    tasks.update('T-002', { hold: true });
    expect(tasks.update('T-002', { hold: false })).toMatchObject({
      changed: ['hold'],
      message: expect.stringContaining('waits for T-001'),
    });
  });

  test('finished by an update begins to count its leases anew, as it does when done', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.create({ title: 'one' });
    tasks.pickUp({ agent: 'ada', lease: 60 });
    board.clock.advance(61);
    expect(tasks.pickUp({ agent: 'ada' }).task?.expiries).toBe(1);
    expect(tasks.update('T-001', { status: 'review' }, { agent: 'ada' }).expiries).toBe(0);
  });
});

describe('who may', () => {
  test('only the holder finishes; a late writer learns who has it now', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.create({ title: 'one' });
    tasks.pickUp({ agent: 'ada', lease: 60 });
    board.clock.advance(61);
    tasks.pickUp({ agent: 'bob' });
    const error = refusal(() => tasks.done('T-001', { agent: 'ada' }));
    expect(error.code).toBe('lost_claim');
    expect(error.message).toContain('bob');
    expect(error.details).toMatchObject({ holder: 'bob', claim: 2 });
    expect(tasks.get('T-001')).toMatchObject({ status: 'in-progress', assignee: 'bob' });
  });

  test('who never held a task is not told of a claim of theirs, but whose it is', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.createBatch([{ title: 'a' }, { title: 'b', assignee: 'bob' }]);
    tasks.pickUp({ agent: 'ada', id: 'T-001' });
    const ofAda = {
      code: 'lost_claim',
      message: 'T-001 is not yours: it is claimed by ada (claim 1); nothing was changed',
      hint: 'Leave it to ada; `cpk task pickup` gives you one of your own.',
      details: { holder: 'ada', claim: 1 },
    };
    const carl = { agent: 'carl' };
    expect(refusal(() => tasks.done('T-001', carl))).toMatchObject(ofAda);
    expect(refusal(() => tasks.release('T-001', carl))).toMatchObject(ofAda);
    expect(refusal(() => tasks.update('T-001', { assignee: 'carl' }, carl))).toMatchObject(ofAda);
    const note = { body: 'mine?', claim: 1 };
    expect(refusal(() => tasks.note('T-001', { ...note, ...carl }))).toMatchObject(ofAda);
    expect(refusal(() => tasks.block('T-002', { reason: 'x', ...carl }))).toMatchObject({
      code: 'lost_claim',
      message: 'T-002 is not yours: it is open, assigned to bob; nothing was changed',
    });
    tasks.done('T-001', { agent: 'ada' });
    expect(refusal(() => tasks.done('T-001', carl))).toMatchObject({
      message: 'T-001 is not yours: it is review, assigned to ada; nothing was changed',
      hint: 'Look at it: cpk task show T-001',
    });
  });

  test('an older claim number is refused even under the same name', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.create({ title: 'one' });
    tasks.pickUp({ agent: 'ada' });
    tasks.release('T-001', { agent: 'ada' });
    tasks.pickUp({ agent: 'ada' });
    expect(codeOf(() => tasks.done('T-001', { agent: 'ada', claim: 1 }))).toBe('lost_claim');
    expect(codeOf(() => tasks.note('T-001', { agent: 'ada', body: 'n', claim: 1 }))).toBe(
      'lost_claim',
    );
    expect(tasks.done('T-001', { agent: 'ada', claim: 2 }).status).toBe('review');
  });

  test('nobody approves their own work, unless by force, which is recorded', () => {
    using board = temporaryProject();
    const { tasks, events } = board.project;
    tasks.create({ title: 'one' });
    tasks.pickUp({ agent: 'ada' });
    tasks.done('T-001', { agent: 'ada' });
    expect(codeOf(() => tasks.approve('T-001', { agent: 'ada' }))).toBe('self_approval');
    expect(tasks.approve('T-001', { agent: 'ada', force: true }).status).toBe('done');
    expect(events.list({}).items[0]?.detail).toMatchObject({ forced: true });
  });

  test('an agent must say why, a person need not', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.createBatch([{ title: 'one' }, { title: 'two' }]);
    expect(codeOf(() => tasks.cancel('T-001', { agent: 'ada' }))).toBe('reason_required');
    expect(codeOf(() => tasks.block('T-001', { agent: 'ada' }))).toBe('reason_required');
    expect(tasks.cancel('T-001').status).toBe('cancelled');
    expect(tasks.block('T-002').status).toBe('blocked');
  });

  test('a status that an agent sets by update passes the guard of the action', () => {
    using board = temporaryProject();
    const { tasks, events } = board.project;
    tasks.createBatch([{ title: 'one' }, { title: 'two' }]);
    tasks.pickUp({ agent: 'ada' });
    const as = (agent: string) => ({ agent });
    expect(codeOf(() => tasks.update('T-001', { status: 'review' }, as('bob')))).toBe('lost_claim');
    expect(codeOf(() => tasks.update('T-001', { status: 'done' }, as('ada')))).toBe('wrong_status');
    expect(codeOf(() => tasks.update('T-001', { assignee: 'bob' }, as('bob')))).toBe('lost_claim');
    expect(tasks.update('T-001', { status: 'review' }, as('ada'))).toMatchObject({
      completed_by: 'ada',
    });
    expect(events.list({}).items[0]?.action).toBe('task_complete');
    expect(codeOf(() => tasks.update('T-001', { status: 'done' }, as('ada')))).toBe(
      'self_approval',
    );
    expect(tasks.update('T-002', { status: 'in-progress' }, as('bob'))).toMatchObject({
      assignee: 'bob',
      claim: 1,
    });
    expect(tasks.get('T-002').lease_expires_at).not.toBeNull();
  });

  test('an agent that sends a task back by update does not take it from who did it', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.create({ title: 'one' });
    tasks.pickUp({ agent: 'ada' });
    tasks.done('T-001', { agent: 'ada' });
    const back = tasks.update(
      'T-001',
      { status: 'in-progress', reason: 'no tests' },
      { agent: 'bob' },
    );
    expect(back).toMatchObject({ status: 'in-progress', assignee: 'ada', claim: 2 });
    expect(back.lease_expires_at).not.toBeNull();
  });

  test('no agent leaves a task in progress with nobody, or puts aside what is meant for another', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.createBatch([{ title: 'one' }, { title: 'two', assignee: 'bob', hold: true }]);
    tasks.pickUp({ agent: 'ada' });
    const by = { agent: 'ada' };
    const error = refusal(() => tasks.update('T-001', { assignee: null }, by));
    expect(error).toMatchObject({ code: 'wrong_status', hint: expect.stringContaining('release') });
    expect(tasks.update('T-001', { assignee: null, status: 'open' }, by).status).toBe('open');
    expect(codeOf(() => tasks.update('T-002', { hold: true }, by))).toBe('lost_claim');
    expect(codeOf(() => tasks.update('T-002', { status: 'backlog' }, by))).toBe('lost_claim');
  });

  test('a hold that contradicts the status beside it is refused', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.create({ title: 'one' });
    for (const patch of [
      { status: 'open', hold: true },
      { status: 'backlog', hold: false },
      { status: 'review', hold: true },
    ] as const) {
      expect(refusal(() => tasks.update('T-001', patch)).errors?.[0]?.path).toBe('/hold');
    }
    expect(tasks.update('T-001', { status: 'backlog', hold: true }).hold).toBe(true);
    expect(tasks.update('T-001', { status: 'open', hold: false }).status).toBe('open');
  });

  test('a person sets any status from any other, and drag and drop is audited', () => {
    using board = temporaryProject();
    const { tasks, events } = board.project;
    tasks.create({ title: 'one' });
    expect(tasks.update('T-001', { status: 'done' })).toMatchObject({ reviewed_by: 'human' });
    expect(tasks.update('T-001', { status: 'in-progress' })).toMatchObject({
      completed_at: null,
      lease_expires_at: null,
    });
    expect(tasks.update('T-001', { status: 'backlog' })).toMatchObject({ hold: true });
    expect(events.list({ task: 'T-001' }).items).toHaveLength(4);
  });

  test('the name human is for people', () => {
    using board = temporaryProject();
    board.project.tasks.create({ title: 'one' });
    expect(codeOf(() => board.project.tasks.pickUp({ agent: 'human' }))).toBe('invalid_input');
  });
});

describe('an update', () => {
  test('of a version that is old merges fields nobody touched, and refuses those somebody did', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    const seen = tasks.create({ title: 'one' }).version;
    tasks.update('T-001', { title: 'two' }, { agent: 'ada' });
    tasks.update('T-001', { epic: 'E' }, { if_match: seen });
    const error = refusal(() => tasks.update('T-001', { title: 'three' }, { if_match: seen }));
    expect(error.code).toBe('stale_version');
    expect(error.details).toMatchObject({
      field: 'title',
      theirs: 'two',
      yours: 'three',
      agent: 'ada',
    });
    expect(tasks.get('T-001')).toMatchObject({ title: 'two', epic: 'E' });
  });

  test('that changes nothing writes nothing', () => {
    using board = temporaryProject();
    const { tasks, events } = board.project;
    tasks.create({ title: 'one', tags: ['a'] });
    const last = events.lastId();
    expect(tasks.update('T-001', { title: 'one', tags: ['a'] }).changed).toEqual([]);
    expect(events.lastId()).toBe(last);
  });

  test('takes a claimed task from its holder when a person gives it to another', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.create({ title: 'one' });
    tasks.pickUp({ agent: 'ada' });
    tasks.update('T-001', { assignee: 'bob' });
    expect(codeOf(() => tasks.done('T-001', { agent: 'ada' }))).toBe('lost_claim');
    expect(tasks.done('T-001', { agent: 'bob' }).completed_by).toBe('bob');
  });
});

describe('bad input is refused by name, and nothing is written', () => {
  test.each([
    ['a title that is too long', { title: 'x'.repeat(201) }, '/title', '201'],
    ['an empty title', { title: ' ' }, '/title', 'empty'],
    ['a priority that is none', { title: 'a', priority: 'high' }, '/priority', 'P0'],
    ['a field nobody knows', { title: 'a', prio: 'P0' }, '/prio', 'not a known field'],
    [
      'too many tags',
      { title: 'a', tags: Array.from({ length: 101 }, (_, n) => `t${n}`) },
      '/tags',
      '101',
    ],
    ['half a character', { title: 'a\ud800' }, '/title', 'surrogate'],
    ['a NUL', { title: 'a\0' }, '/title', 'NUL'],
  ])('%s', (_, input, path, word) => {
    using board = temporaryProject();
    const error = refusal(() => board.project.tasks.create(input as { title: string }));
    expect(error.code).toBe('invalid_input');
    expect(error.errors?.[0]?.path).toBe(path);
    expect(error.errors?.[0]?.message).toContain(word);
    expect(board.project.events.lastId()).toBe(1);
  });

  test('lengths count characters, not bytes or halves', () => {
    using board = temporaryProject();
    expect(board.project.tasks.create({ title: '😀'.repeat(200) }).title).toHaveLength(400);
  });

  test('a doc that is not there; what a task refers to already stays when its doc is deleted', () => {
    using board = temporaryProject();
    const { tasks, docs, events } = board.project;
    docs.create({ type: 'decision', title: 'Use SQLite', body: '…' });
    const before = events.lastId();
    const known = { title: 'a', context_refs: ['d-1'] };
    for (const ref of ['D-999', 'README.md']) {
      const unknown = { title: 'b', context_refs: ['D-001', ref] };
      expect(refusal(() => tasks.createBatch([known, unknown]))).toMatchObject({
        code: 'invalid_input',
        message: `context_refs names ${ref}, which does not exist`,
        details: { context_refs: ref },
      });
    }
    expect(events.lastId()).toBe(before);
    tasks.create(known);
    docs.delete('D-001');
    expect(codeOf(() => tasks.create(known))).toBe('invalid_input');
    expect(codeOf(() => tasks.update('T-001', { context_refs: ['D-2'] }))).toBe('invalid_input');
    docs.create({ type: 'decision', title: 'Use WAL', body: '…' });
    tasks.update('T-001', { context_refs: ['d-1', 'D-2'] });
    tasks.update('T-001', { context_refs: [] });
    const cleared = events.lastId();
    docs.delete('D-002');
    events.undo(cleared);
    expect(tasks.get('T-001')).toMatchObject({ context_refs: ['d-1', 'D-2'], context: [] });
  });

  test('an unknown dependency, oneself, and a circle that is named', () => {
    using board = temporaryProject();
    const { tasks, events } = board.project;
    tasks.createBatch([{ title: 'one' }, { title: 'two', depends_on: ['T-001'] }]);
    const last = events.lastId();
    expect(codeOf(() => tasks.create({ title: 'x', depends_on: ['T-009'] }))).toBe(
      'unknown_dependency',
    );
    expect(codeOf(() => tasks.update('T-001', { depends_on: ['T-001'] }))).toBe(
      'circular_dependency',
    );
    const error = refusal(() => tasks.update('T-001', { depends_on: ['T-002'] }));
    expect(error.message).toContain('T-001 → T-002 → T-001');
    const batch = [
      { key: 'a', title: 'a', depends_on: ['b'] },
      { key: 'b', title: 'b', depends_on: ['a'] },
    ];
    expect(refusal(() => tasks.createBatch(batch)).message).toContain('a → b → a');
    expect(events.lastId()).toBe(last);
    expect(tasks.list({}).items).toHaveLength(2);
  });
});

test('a chain of 10,000 tasks resolves one by one, whatever its length', () => {
  using board = temporaryProject();
  const { tasks } = board.project;
  for (let start = 0; start < 10_000; start += 1_000) {
    tasks.createBatch(
      Array.from({ length: 1_000 }, (_, n) => ({
        title: `task ${start + n + 1}`,
        depends_on: start + n === 0 ? [] : [`T-${start + n}`],
      })),
    );
  }
  expect(codeOf(() => tasks.update('T-001', { depends_on: ['T-10000'] }))).toBe(
    'circular_dependency',
  );
  for (let n = 1; n <= 50; n++) {
    expect(tasks.pickUp({ agent: 'ada' }).task?.title).toBe(`task ${n}`);
    tasks.done(`T-${n}`, { agent: 'ada' });
  }
}, 60_000);
