import type { TaskInput } from '@codepakt/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { temporaryProject } from '../testing/temporary-project.ts';

describe('a pickup', () => {
  test('gives the own tasks first, then by priority, then by number', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.createBatch([
      { title: 'free P1' },
      { title: 'free P0', priority: 'P0' },
      { title: 'for ada P2', priority: 'P2', assignee: 'ada' },
      { title: 'for bob P0', priority: 'P0', assignee: 'bob' },
      { title: 'free P0 too', priority: 'P0' },
    ]);
    const order = () => tasks.pickUp({ agent: 'ada' }).task?.title;
    expect([order(), order(), order(), order(), order()]).toEqual([
      'for ada P2',
      'free P0',
      'free P0 too',
      'free P1',
      undefined,
    ]);
  });

  test('brings the docs, the notes and what the agent holds already', () => {
    using board = temporaryProject();
    const { tasks, docs } = board.project;
    docs.create({ type: 'decision', title: 'Use SQLite', body: '…' });
    docs.create({ type: 'learning', title: 'Soon gone', body: '…' });
    tasks.createBatch([{ title: 'one' }, { title: 'two', context_refs: ['D-001', 'D-002'] }]);
    docs.delete('D-002');
    tasks.note('T-002', { body: 'mind the gap' });
    tasks.pickUp({ agent: 'ada' });
    const second = tasks.pickUp({ agent: 'ada' });
    expect(second.context).toEqual([{ id: 'D-001', title: 'Use SQLite' }]);
    expect(second.task?.notes).toMatchObject([{ agent: 'human', body: 'mind the gap' }]);
    expect(second.holding).toMatchObject([{ id: 'T-001', claim: 1 }]);
  });

  test('tells an agent that holds a great many of the oldest twenty only', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.createBatch(Array.from({ length: 30 }, (_, index) => ({ title: `task ${index}` })));
    for (let count = 0; count < 29; count++) tasks.pickUp({ agent: 'ada' });
    const { task, holding } = tasks.pickUp({ agent: 'ada' });
    expect(task?.id).toBe('T-030');
    expect(holding.map(({ id }) => id)).toEqual(
      Array.from({ length: 20 }, (_, index) => `T-${String(index + 1).padStart(3, '0')}`),
    );
  });

  test('filters by epic, by every tag, and by the capabilities that the task needs', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.createBatch([
      { title: 'needs rust', capabilities: ['rust'], epic: 'core' },
      { title: 'tagged', tags: ['api', 'urgent'], epic: 'web' },
      { title: 'plain', epic: 'web' },
    ]);
    const agent = 'ada';
    expect(tasks.pickUp({ agent, capabilities: ['go'], epic: 'core' }).why).toMatchObject({
      filtered_out: 3,
      assigned_to_others: 0,
    });
    expect(tasks.pickUp({ agent, tags: ['api', 'slow'] }).task).toBeNull();
    expect(tasks.pickUp({ agent, tags: ['urgent', 'api'] }).task?.title).toBe('tagged');
    expect(tasks.pickUp({ agent, capabilities: ['go'] }).task?.title).toBe('plain');
    expect(tasks.pickUp({ agent, capabilities: ['go', 'rust'] }).task?.title).toBe('needs rust');
  });

  test('finds the one that fits behind any number that do not, and counts them', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    const many = (input: Partial<TaskInput>) =>
      tasks.createBatch(Array.from({ length: 150 }, () => ({ title: 'x', ...input })));
    tasks.create({ title: 'busy', touches: ['src/auth/**'], priority: 'P0' });
    tasks.pickUp({ agent: 'ada' });
    many({ touches: ['src/auth/login.ts'], priority: 'P0' });
    many({ tags: ['web'], priority: 'P0' });
    many({ assignee: 'bob', capabilities: ['rust'], priority: 'P0' });
    many({ capabilities: ['rust'], priority: 'P0' });
    tasks.createBatch([
      { title: 'last', tags: ['rare', 'api'], priority: 'P2' },
      { title: 'sooner', tags: ['rare'], priority: 'P1' },
      { title: 'soonest', tags: ['api', 'rare'], priority: 'P1' },
      { title: 'mine', tags: ['rare'], assignee: 'bob', priority: 'P2' },
    ]);
    const wish = { agent: 'bob', tags: ['rare'], capabilities: [] };
    const picked = ['mine', 'sooner', 'soonest', 'last'].map(() => tasks.pickUp(wish).task?.title);
    expect(picked).toEqual(['mine', 'sooner', 'soonest', 'last']);
    expect(tasks.pickUp(wish).why).toMatchObject({ filtered_out: 600, conflicting: 0 });
    expect(tasks.pickUp({ agent: 'cy', capabilities: [], tags: [] }).task?.tags).toEqual(['web']);
    expect(tasks.pickUp({ agent: 'cy', capabilities: [], tags: ['none'] }).why).toMatchObject({
      assigned_to_others: 150,
      filtered_out: 449,
    });
  });

  test('takes what a look at every task would take, however many there are', () => {
    const some = (...words: string[]) => fc.subarray(words);
    const input = fc.record({
      title: fc.constant('x'),
      priority: fc.constantFrom('P0' as const, 'P1' as const, 'P2' as const),
      assignee: fc.constantFrom(null, null, null, 'ada', 'bob'),
      tags: fc.oneof(
        { weight: 40, arbitrary: some('web', 'api') },
        fc.constant<string[]>(['rare']),
      ),
      capabilities: some('go', 'rust'),
      touches: some('src/auth/login.ts', 'src/mail/**'),
    });
    const wish = fc.record(
      { tags: some('rare', 'web', 'api'), capabilities: some('go', 'rust') },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(input, { minLength: 250, maxLength: 300 }), wish, (inputs, wanted) => {
        using board = temporaryProject();
        const { tasks } = board.project;
        tasks.create({ title: 'busy', touches: ['src/auth/**'] });
        tasks.pickUp({ agent: 'cy' });
        const made = tasks.createBatch(inputs);
        const mine = made.filter(
          ({ assignee, tags, capabilities, touches }) =>
            (assignee === 'ada' || assignee === null) &&
            (wanted.tags ?? []).every((tag) => tags.includes(tag)) &&
            capabilities.every((needed) =>
              (wanted.capabilities ?? capabilities).includes(needed),
            ) &&
            !touches.includes('src/auth/login.ts'),
        );
        const [best] = mine.sort(
          (a, b) =>
            Number(a.assignee === null) - Number(b.assignee === null) ||
            a.priority.localeCompare(b.priority) ||
            Number(a.id.slice(2)) - Number(b.id.slice(2)),
        );
        expect(tasks.pickUp({ agent: 'ada', ...wanted }).task?.id).toBe(best?.id);
      }),
      { numRuns: 12 },
    );
  });

  test('keeps off what touches the files of a task in progress, and says which', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.createBatch([
      { title: 'a', touches: ['src/auth/**'] },
      { title: 'b', touches: ['src/auth/login.ts'] },
      { title: 'c', touches: ['src/mail/*.ts'] },
    ]);
    tasks.pickUp({ agent: 'ada' });
    expect(tasks.pickUp({ agent: 'bob' }).task?.title).toBe('c');
    tasks.createBatch(
      Array.from({ length: 150 }, (_, n) => ({
        title: 'x',
        touches: [`src/auth/${n}`],
        epic: 'e',
      })),
    );
    expect(tasks.pickUp({ agent: 'bob', epic: 'e' }).why).toMatchObject({
      conflicting: 150,
      filtered_out: 1,
    });
    for (let n = 4; n < 154; n++) tasks.cancel(`T-${n}`);
    const nothing = tasks.pickUp({ agent: 'bob' });
    expect(nothing.why).toMatchObject({ conflicting: 1, in_the_way: ['T-001'], in_progress: 2 });
    // What was not asked for has nothing in its way.
    const filtered = tasks.pickUp({ agent: 'bob', epic: 'none' });
    expect(filtered.why).toMatchObject({ conflicting: 0, in_the_way: [], filtered_out: 1 });
    expect(tasks.pickUp({ agent: 'bob', avoid_conflicts: false }).task?.title).toBe('b');
  });

  test('says why there is nothing, counted', () => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.createBatch([
      { key: 'blocked', title: 'blocked' },
      { title: 'waits', depends_on: ['blocked'] },
      { title: 'held', hold: true },
      { title: 'for bob', assignee: 'bob' },
    ]);
    tasks.block('T-001', { reason: 'no key' });
    expect(tasks.pickUp({ agent: 'ada' })).toMatchObject({
      task: null,
      why: {
        waiting: 1,
        held: 1,
        blocked: 1,
        assigned_to_others: 1,
        filtered_out: 0,
        conflicting: 0,
      },
    });
  });

  test.each([
    ['is held by another', (t: Tasks) => t.pickUp({ agent: 'bob' }), 'already_taken', 'bob'],
    ['is held by oneself', (t: Tasks) => t.pickUp({ agent: 'ada' }), 'already_taken', 'ada'],
    [
      'is meant for another',
      (t: Tasks) => t.update('T-001', { assignee: 'bob' }),
      'already_taken',
      'bob',
    ],
    ['is blocked', (t: Tasks) => t.block('T-001', { reason: 'no key' }), 'wrong_status', 'no key'],
    ['is put aside', (t: Tasks) => t.update('T-001', { hold: true }), 'wrong_status', 'hold'],
    ['waits', (t: Tasks) => t.update('T-001', { depends_on: ['T-002'] }), 'wrong_status', 'T-002'],
  ])('of one that %s is refused, with the reason', (_, prepare, code, word) => {
    using board = temporaryProject();
    const { tasks } = board.project;
    tasks.createBatch([{ title: 'one' }, { title: 'two', priority: 'P2' }]);
    prepare(tasks);
    const pickUp = () => tasks.pickUp({ agent: 'ada', id: 'T-001' });
    expect(pickUp).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(word) }),
    );
  });
});

type Tasks = ReturnType<typeof temporaryProject>['project']['tasks'];
