import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import type { Task, TaskDetail } from '@codepakt/contract';
import { describe, expect, test, vi } from 'vitest';
import { Workbench } from '../../testing/workbench.ts';

vi.setConfig({ testTimeout: 60_000 });

describe('the way of a task', () => {
  test('an agent picks up, notes, finishes; a person approves; what waited becomes ready', async () => {
    await using bench = await Workbench.withProject();
    const ada = { env: { CPK_AGENT: 'ada' } };
    expect(
      await bench.ok([
        'task',
        'add',
        'Log in',
        '--priority',
        'P0',
        '--tags',
        'web,auth',
        '--verify',
        'true',
      ]),
    ).toEqual({ id: 'T-001', status: 'open', version: 1 });
    expect(await bench.ok(['task', 'add', '--title', 'Log out', '--depends-on', 'T-001'])).toEqual({
      id: 'T-002',
      status: 'backlog',
      version: 1,
      waits_for: ['T-001'],
    });

    const picked = await bench.ok<{ task: Task }>(['task', 'pickup'], ada);
    expect(picked).toEqual({
      task: {
        id: 'T-001',
        title: 'Log in',
        status: 'in-progress',
        priority: 'P0',
        assignee: 'ada',
        tags: ['web', 'auth'],
        verify: 'true',
        claim: 1,
        lease_expires_at: expect.any(String),
        version: 2,
      },
    });
    expect(await bench.ok(['task', 'note', 'T-1', 'half', 'way'], ada)).toEqual({
      id: 'T-001',
      status: 'in-progress',
      version: 3,
    });
    expect(
      await bench.ok(['task', 'done', 'T-001', '--note', 'see auth.ts', '--claim', '1'], ada),
    ).toEqual({
      id: 'T-001',
      status: 'review',
      version: 4,
      opened: ['T-002'],
    });
    const approved = await bench.ok<Task>(['task', 'approve', 'T-001']);
    expect(approved).toMatchObject({
      status: 'done',
      notes: [
        { agent: 'ada', body: 'half way' },
        { agent: 'ada', body: 'see auth.ts' },
      ],
    });
    expect(await bench.ok(['task', 'list'])).toEqual([
      { id: 'T-002', title: 'Log out', status: 'open', priority: 'P1' },
    ]);
    const shown = await bench.ok<TaskDetail>(['task', 'show', 'T-001']);
    expect(shown).toMatchObject({
      completed_by: 'ada',
      reviewed_by: 'human',
      dependents: ['T-002'],
    });
  });

  test('nothing to pick up is exit 5 with the reasons that count', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['task', 'add', 'later', '--hold']);
    await bench.ok(['task', 'add', 'for bob', '--assignee', 'bob']);
    const ran = await bench.cpk(['task', 'pickup', '--agent', 'ada']);
    expect(ran.code).toBe(5);
    expect(ran.json).toEqual({ task: null, why: { held: 1, assigned_to_others: 1 } });
    expect(ran.stderr).toBe('');
  });

  test('pickup --wait goes on while connections are lost, as long as it has time', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['task', 'add', 'a']);
    const { port = 0 } = bench.daemon ?? {};
    let connections = 0;
    const relay = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      connections += 1;
      if (connections <= 8) return socket.once('data', () => socket.destroy());
      return socket.pipe(connect(port, '127.0.0.1')).pipe(socket);
    }).listen(0, '127.0.0.1');
    await once(relay, 'listening');
    const url = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;
    const waiting = ['task', 'pickup', '--agent', 'ada', '--wait', '60s', '--url', url];
    expect(await bench.ok(waiting)).toMatchObject({ task: { id: 'T-001' } });
    expect(connections).toBe(9);
    relay.close();
  });

  test('pickup --wait sleeps until there is work, and gives up when the time is over', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['board', 'status']);
    const waiting = bench.cpk(['task', 'pickup', '--agent', 'ada', '--wait', '20s']);
    await bench.ok(['task', 'add', 'late']);
    expect((await waiting).json).toMatchObject({ task: { id: 'T-001' } });
    const began = performance.now();
    expect((await bench.cpk(['task', 'pickup', '--agent', 'bob', '--wait=1s'])).code).toBe(5);
    expect(performance.now() - began).toBeGreaterThan(1_000);
  });

  test('the same key again has no second effect; with other words it is refused', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['task', 'add', 'one']);
    await bench.ok(['task', 'add', 'two']);
    const pickup = ['task', 'pickup', '--agent', 'ada', '--key', 'k'];
    const first = await bench.ok(pickup);
    expect(await bench.ok(pickup)).toEqual(first);
    const other = await bench.cpk([...pickup, '--tags', 'x']);
    expect(other).toMatchObject({ code: 2, error: { error: 'idempotency_mismatch' } });
    // Without a key each call has one of its own.
    expect(await bench.ok(['task', 'pickup', '--agent', 'ada'])).toMatchObject({
      task: { id: 'T-002' },
    });
  });

  test('block, unblock, release, reject, cancel, heartbeat and mine', async () => {
    await using bench = await Workbench.withProject();
    const ada = { env: { CPK_AGENT: 'ada' } };
    await bench.ok(['task', 'add', 'x']);
    await bench.ok(['task', 'pickup', '--lease', '1h'], ada);
    expect(await bench.ok(['task', 'heartbeat', 'T-001', '--lease', '2h'], ada)).toEqual({
      id: 'T-001',
      claim: 1,
      lease_expires_at: expect.any(String),
    });
    expect(await bench.ok(['task', 'block', 'T-001', '--reason', 'no key'], ada)).toMatchObject({
      status: 'blocked',
    });
    expect(await bench.ok(['task', 'mine'], ada)).toMatchObject([
      { id: 'T-001', status: 'blocked', blocker_reason: 'no key' },
    ]);
    expect(await bench.ok(['task', 'unblock', 'T-001'])).toMatchObject({ status: 'open' });
    await bench.ok(['task', 'pickup'], ada);
    expect(await bench.ok(['task', 'release', 'T-001'], ada)).toMatchObject({ status: 'open' });
    await bench.ok(['task', 'pickup'], ada);
    await bench.ok(['task', 'done', 'T-001'], ada);
    const rejected = await bench.ok(['task', 'reject', 'T-001', '--reason', 'no tests']);
    expect(rejected).toMatchObject({ status: 'in-progress', claim: 4 });
    expect(await bench.ok(['task', 'cancel', 'T-001'])).toMatchObject({ status: 'cancelled' });
    expect(await bench.ok(['task', 'list'])).toEqual([]);
    expect(await bench.ok(['task', 'list', '--all'])).toHaveLength(1);
  });

  test('update changes and clears fields, and says which', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['task', 'add', 'x', '--epic', 'e', '--tags', 'a']);
    expect(
      await bench.ok(['task', 'update', 'T-001', '--priority', 'P0', '--epic', '', '--tags', '']),
    ).toEqual({ id: 'T-001', status: 'open', version: 2, changed: ['priority', 'epic', 'tags'] });
    const shown = await bench.ok<Task>(['task', 'show', 'T-001']);
    expect(shown).not.toHaveProperty('epic');
    expect(shown).not.toHaveProperty('tags');
    const stale = await bench.cpk([
      'task',
      'update',
      'T-001',
      '--priority',
      'P2',
      '--if-version',
      '1',
    ]);
    expect(stale).toMatchObject({ code: 4, error: { error: 'stale_version' } });
  });

  test('a list goes on with its cursor, and fields can be chosen', async () => {
    await using bench = await Workbench.withProject();
    for (const title of ['a', 'b', 'c']) await bench.ok(['task', 'add', title]);
    const first = await bench.cpk(['task', 'list', '--limit', '2', '--fields', 'id']);
    expect(first.json).toEqual([{ id: 'T-001' }, { id: 'T-002' }]);
    const [, cursor] = /^more: --cursor (\S+)\n$/.exec(first.stderr) ?? [];
    const second = await bench.cpk(['task', 'list', '--limit', '2', '--cursor', cursor ?? '']);
    expect(second.json).toMatchObject([{ id: 'T-003' }]);
    expect(second.stderr).toBe('');
  });
});

describe('who acts', () => {
  test('is shown what is meant for it among what is ready', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['task', 'add', 'for anybody']);
    await bench.ok(['task', 'add', 'for ada', '--assignee', 'ada']);
    const ready = ['task', 'list', '--ready', '--fields', 'id'];
    expect(await bench.ok(ready, { env: { CPK_AGENT: 'ada' } })).toEqual([
      { id: 'T-001' },
      { id: 'T-002' },
    ]);
    expect(await bench.ok(ready)).toEqual([{ id: 'T-001' }]);
  });

  test('is never a person because a script forgot to set the name', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['task', 'add', 'a']);
    for (const name of ['', ' ']) {
      const ran = await bench.cpk(['task', 'update', 'T-001', '--status', 'done', '--agent', name]);
      expect(ran).toMatchObject({ code: 2, error: { message: '--agent is empty' } });
    }
    expect(await bench.ok(['task', 'show', 'T-001'])).toMatchObject({ status: 'open' });
  });

  test('is told of a name that is too long by the flag, not by its header', async () => {
    await using bench = await Workbench.withProject();
    const ran = await bench.cpk(['task', 'list', '--agent', 'a'.repeat(10_000)]);
    expect(ran).toMatchObject({ code: 2, error: { error: 'invalid_input' } });
    expect(ran.stderr).toContain('"--agent (CPK_AGENT) ');
    const key = await bench.cpk(['task', 'add', 'a', '--key', 'k'.repeat(10_000)]);
    expect(key).toMatchObject({ code: 2, error: { error: 'invalid_input' } });
    expect(key.stderr).toContain('"--key ');
  });

  test('is the same agent with blanks around its name', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['task', 'add', 'a']);
    await bench.ok(['task', 'pickup', '--agent', 'ada ']);
    expect(await bench.ok(['task', 'mine'], { env: { CPK_AGENT: ' ada' } })).toHaveLength(1);
  });
});

describe('what is refused', () => {
  test('each error has its exit code and an object on stderr, and nothing on stdout', async () => {
    await using bench = await Workbench.withProject();
    await bench.ok(['task', 'add', 'a']);
    await bench.ok(['task', 'add', 'b', '--depends-on', 'T-001']);
    const ada = { env: { CPK_AGENT: 'ada' } };
    const cases: [args: string[], code: number, error: string][] = [
      [['task', 'show', 'T-009'], 3, 'task_not_found'],
      [['task', 'pickup', '--id', 'T-002', '--agent', 'ada'], 4, 'wrong_status'],
      [['task', 'done', 'T-001', '--agent', 'ada'], 4, 'wrong_status'],
      [['task', 'update', 'T-001', '--depends-on', 'T-002'], 2, 'circular_dependency'],
      [['task', 'add', 'x', '--depends-on', 'T-099'], 2, 'unknown_dependency'],
      [['task', 'add', 'x', '--context-refs', 'D-099'], 2, 'invalid_input'],
      [['task', 'add', 'x'.repeat(201)], 2, 'invalid_input'],
      [['task', 'pickup'], 2, 'agent_required'],
      [['task', 'block', 'T-001', '--agent', 'ada'], 2, 'reason_required'],
      [['undo', '999'], 3, 'event_not_found'],
      [['docs', 'read', 'D-009'], 3, 'doc_not_found'],
    ];
    for (const [args, code, error] of cases) {
      const ran = await bench.cpk(args);
      expect([args, ran.code, ran.error, ran.stdout]).toEqual([
        args,
        code,
        expect.objectContaining({ error, message: expect.any(String) }),
        '',
      ]);
    }
    await bench.ok(['task', 'pickup'], ada);
    const robbed = await bench.cpk(['task', 'done', 'T-001'], { env: { CPK_AGENT: 'eve' } });
    expect(robbed).toMatchObject({ code: 4, error: { error: 'lost_claim' } });
    expect(await bench.ok(['task', 'list', '--all'])).toHaveLength(2);
  });
});

describe('a batch', () => {
  test('comes as JSON array, JSON lines or stdin, and tasks name each other by key', async () => {
    await using bench = await Workbench.withProject();
    bench.write('a.json', '[\n{"key":"x","title":"one"},\n{"title":"two","depends_on":["x"]}\n]');
    expect(await bench.ok(['task', 'add', '--batch', 'a.json'])).toEqual([
      { key: 'x', id: 'T-001', status: 'open', version: 1 },
      { id: 'T-002', status: 'backlog', version: 1, waits_for: ['T-001'] },
    ]);
    bench.write('b.jsonl', '{"title":"three"}\n\n{"title":"four"}\n');
    expect(await bench.ok(['task', 'add', '--batch', 'b.jsonl'])).toHaveLength(2);
    const stdin = '{"title":"five"}';
    expect(await bench.ok(['task', 'add', '--batch', '-'], { stdin })).toMatchObject([
      { id: 'T-005' },
    ]);
  });

  test('one bad line is named, and nothing is written', async () => {
    await using bench = await Workbench.withProject();
    const cases: [text: string, code: number, message: string][] = [
      ['{"title":"a"}\n{"title":\n', 2, 'bad: line 2 is not JSON'],
      ['[\n{"title":"a"},\n{"title" "b"}\n]', 2, 'bad: line 3 is not JSON'],
      ['[{"title":"a"}', 2, 'bad: line 1 is not JSON'],
      ['{"title":"a"}\n\n42\n', 2, 'bad: line 3 is not a task'],
      ['[{"title":"a"},[]]', 2, 'bad: task 2 is not a task'],
      ['{"title":"a"}\n\n{"title":"b","priority":"P7"}\n', 2, 'bad: line 3: priority is "P7"'],
      ['[{"title":"a"},{"titel":"b"}]', 2, 'bad: task 2: '],
      ['', 2, 'bad holds no tasks'],
      ['{"title":"a"}\n'.repeat(1_001), 2, 'bad holds 1,001 tasks; the limit is 1,000'],
      [
        '{"title":"a"}\n{"title":"b","depends_on":["nobody"]}\n',
        2,
        'bad: line 2: depends_on names nobody, which does not exist',
      ],
      [
        '[{"title":"a"},{"title":"b","key":"b","depends_on":["c"]},{"title":"c","key":"c","depends_on":["b"]}]',
        2,
        'bad: task 2: this would close a circle of dependencies: b → c → b',
      ],
    ];
    for (const [text, code, message] of cases) {
      bench.write('bad', text);
      const ran = await bench.cpk(['task', 'add', '--batch', 'bad']);
      expect(ran.code).toBe(code);
      expect((ran.error as { message: string }).message).toContain(message);
    }
    const none = await bench.cpk(['task', 'add', '--batch', 'missing.json']);
    expect(none).toMatchObject({ code: 3, error: { error: 'file_not_found' } });
    const beside = await bench.cpk(['task', 'add', '--batch', 'bad', '--priority', 'P0']);
    expect(beside).toMatchObject({ code: 2, error: { error: 'wrong_usage' } });
    const titled = await bench.cpk(['task', 'add', 'one more', '--batch', 'bad']);
    expect(titled.error).toMatchObject({
      message: '--batch goes alone: write title into the file',
    });
    expect(await bench.ok(['task', 'list', '--all'])).toEqual([]);
  });
});
