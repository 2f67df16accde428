import { endpoints } from '@codepakt/contract';
import { expect, test } from 'vitest';
import { testServer } from './testing/test-server.ts';

const { tasks, events, agents } = endpoints;
const ada = { 'codepakt-agent': 'ada' };
const bob = { 'codepakt-agent': 'bob' };
const T1 = { params: { id: 'T-001' } };

test('a task goes its way from added to approved', async () => {
  await using server = await testServer();
  const created = await server.call(tasks.create, {
    body: { title: 'first', priority: 'P0', tags: ['a', 'b'] },
  });
  expect(created.body).toMatchObject({ id: 'T-001', status: 'open', version: 1 });
  expect(created.headers.location).toBe(`/api/projects/${server.project}/tasks/T-001`);
  await server.call(tasks.create, { body: { title: 'second', depends_on: ['T-001'] } });

  const picked = await server.call(tasks.pickUp, {}, ada);
  expect(picked.body.task).toMatchObject({ id: 'T-001', assignee: 'ada', claim: 1 });
  await server.call(tasks.heartbeat, { ...T1, body: { claim: 1 } }, ada);
  await server.call(tasks.note, { ...T1, body: { body: 'half way' } }, ada);
  await server.call(
    tasks.recordVerification,
    { ...T1, body: { command: 'true', exit_code: 0, duration_ms: 5, output: '' } },
    ada,
  );
  const done = await server.call(tasks.done, { ...T1, body: { note: 'ready' } }, ada);
  expect(done.body).toMatchObject({ status: 'review', opened: ['T-002'] });

  const refused = await server.refused(tasks.approve, T1, ada);
  expect([refused.status, refused.body.code]).toEqual([409, 'self_approval']);
  const approved = await server.call(tasks.approve, T1);
  expect(approved.body).toMatchObject({ status: 'done', verification: { exit_code: 0 } });

  const detail = await server.call(tasks.read, T1);
  expect(detail.body.notes.map(({ body }) => body)).toEqual(['half way', 'ready']);
  const log = await server.call(events.list, { query: { task: 'T-001', order: 'asc' } });
  expect(log.body.items.map(({ action }) => action)).toEqual([
    'task_created',
    'task_pickup',
    'task_noted',
    'task_verified',
    'task_complete',
    'task_approved',
  ]);
});

test('a task can be rejected, blocked, unblocked, released and cancelled', async () => {
  await using server = await testServer();
  await server.call(tasks.createBatch, {
    body: {
      tasks: [
        { title: 'one', key: 'one' },
        { title: 'two', depends_on: ['one'] },
      ],
    },
  });
  await server.call(tasks.pickUp, {}, ada);
  await server.call(tasks.done, T1, ada);
  const rejected = await server.call(tasks.reject, { ...T1, body: { reason: 'no tests' } }, bob);
  expect(rejected.body).toMatchObject({ status: 'in-progress', reverted: ['T-002'] });
  const lost = await server.refused(tasks.release, { ...T1, body: { claim: 1 } }, ada);
  expect([lost.status, lost.body.code]).toEqual([409, 'lost_claim']);
  await server.call(tasks.block, { ...T1, body: { reason: 'waits for a key' } }, ada);
  await server.call(tasks.unblock, T1);
  await server.call(tasks.pickUp, { body: { id: 'T-001' } }, bob);
  const released = await server.call(tasks.release, { ...T1, body: { note: 'not mine' } }, bob);
  expect(released.body.status).toBe('open');
  const cancelled = await server.call(tasks.cancel, T1);
  expect(cancelled.body).toMatchObject({ status: 'cancelled', opened: ['T-002'] });
});

test('a list comes in pages, of the fields asked for', async () => {
  await using server = await testServer();
  const batch = Array.from({ length: 5 }, (_, n) => ({ title: `task ${n}`, tags: ['x'] }));
  await server.call(tasks.createBatch, { body: { tasks: batch } });
  const query = { limit: 2, fields: ['id', 'title'] as const, tag: ['x'] };
  const first = await server.call(tasks.list, { query: { ...query, fields: ['id', 'title'] } });
  expect(first.body.items).toEqual([
    { id: 'T-001', title: 'task 0' },
    { id: 'T-002', title: 'task 1' },
  ]);
  const next = await server.call(tasks.list, {
    query: { limit: 500, cursor: String(first.body.next_cursor) },
  });
  expect(next.body.items.map(({ id }) => id)).toEqual(['T-003', 'T-004', 'T-005']);
  expect(next.body.next_cursor).toBeNull();
});

test('nothing to pick up is a normal answer that says why', async () => {
  await using server = await testServer();
  await server.call(tasks.create, { body: { title: 'held', hold: true } });
  const { body } = await server.call(tasks.pickUp, {}, ada);
  expect(body).toMatchObject({ task: null, why: { held: 1 } });
});

test('a repeated request has one effect and one answer; its key is for no other request', async () => {
  await using server = await testServer();
  await server.call(tasks.createBatch, { body: { tasks: [{ title: 'a' }, { title: 'b' }] } });
  const key = { ...ada, 'idempotency-key': 'k-1' };
  const first = await server.call(tasks.pickUp, {}, key);
  const again = await server.call(tasks.pickUp, {}, key);
  expect(again.body).toEqual(first.body);
  for (const { headers } of [first, again, await server.call(tasks.pickUp, {}, ada)])
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
  const added = { 'idempotency-key': 'k-2' };
  const [one, two] = await Promise.all([
    server.call(tasks.create, { body: { title: 'c' } }, added),
    server.call(tasks.create, { body: { title: 'c' } }, added),
  ]);
  expect(two.body).toEqual(one.body);
  expect(two.headers.location).toBe(one.headers.location);

  for (const other of [
    () => server.refused(tasks.create, { body: { title: 'another' } }, added),
    () => server.refused(tasks.create, { body: { title: 'c' } }, { ...added, ...ada }),
    () => server.refused(tasks.pickUp, {}, { ...bob, 'idempotency-key': 'k-1' }),
    () => server.refused(tasks.done, T1, { ...ada, 'idempotency-key': 'k-1' }),
  ]) {
    const { status, body } = await other();
    expect([status, body.code]).toEqual([422, 'idempotency_mismatch']);
  }
  const list = await server.call(tasks.list, { query: { all: true } });
  expect(list.body.items).toHaveLength(3);
});

test('a request that failed can be repeated with its key', async () => {
  await using server = await testServer();
  const key = { ...ada, 'idempotency-key': 'k-1' };
  await server.refused(tasks.done, T1, key);
  await server.call(tasks.create, { body: { title: 'a', assignee: 'ada' } });
  await server.call(tasks.pickUp, {}, ada);
  expect((await server.call(tasks.done, T1, key)).body.status).toBe('review');
});

test('a change from an old version is refused when it touches the same field, else merged', async () => {
  await using server = await testServer();
  await server.call(tasks.create, { body: { title: 'a' } });
  const { headers } = await server.call(tasks.read, T1);
  expect(headers.etag).toBe('"1"');
  const from1 = { 'if-match': '"1"' };

  const first = await server.call(
    tasks.update,
    { ...T1, body: { title: 'b' } },
    { ...ada, ...from1 },
  );
  expect(first.headers.etag).toBe('"2"');
  const merged = await server.call(tasks.update, { ...T1, body: { epic: 'e' } }, from1);
  expect(merged.body).toMatchObject({ title: 'b', epic: 'e', version: 3 });
  const stale = await server.refused(tasks.update, { ...T1, body: { title: 'c' } }, from1);
  expect([stale.status, stale.body.code]).toEqual([412, 'stale_version']);
  expect(stale.body.detail).toContain('ada');
  await server.call(tasks.update, { ...T1, body: { title: 'c' } }, { 'if-match': '*' });

  for (const value of ['1', 'W/"1"', '"1", "2"', 'x']) {
    const bad = await server.refused(
      tasks.update,
      { ...T1, body: { title: 'd' } },
      { 'if-match': value },
    );
    expect([bad.status, bad.body.code]).toEqual([422, 'invalid_input']);
  }
});

test('a change can be undone by the id of its event', async () => {
  await using server = await testServer();
  await server.call(tasks.create, { body: { title: 'a' } });
  await server.call(tasks.update, { ...T1, body: { title: 'b' } });
  const { body: log } = await server.call(events.list, { query: { limit: 1 } });
  const undone = await server.call(events.undo, { params: { id: String(log.items[0]?.id) } });
  expect(undone.body.task?.title).toBe('a');
  const unknown = await server.refused(events.undo, { params: { id: '999' } });
  expect([unknown.status, unknown.body.code]).toEqual([404, 'event_not_found']);
});

test('reading is a sign of life too', async () => {
  await using server = await testServer();
  await server.call(tasks.list, {}, { 'codepakt-agent': 'watcher' });
  await expect
    .poll(async () => (await server.call(agents.list)).body.items.map(({ name }) => name))
    .toEqual(['watcher']);
});

test('so is a change that is refused, for it is taken back whole', async () => {
  await using server = await testServer();
  await server.call(tasks.create, { body: { title: 'a' } });
  const { status } = await server.refused(tasks.done, T1, { 'codepakt-agent': 'ada' });
  expect(status).toBe(409);
  await expect
    .poll(async () => (await server.call(agents.list)).body.items.map(({ name }) => name))
    .toEqual(['ada']);
});

test('HEAD answers like GET without a body', async () => {
  await using server = await testServer();
  await server.call(tasks.create, { body: { title: 'a' } });
  const url = `/api/projects/${server.project}/tasks/T-001`;
  const { statusCode, headers, body } = await server.app.inject({
    method: 'HEAD',
    url,
    headers: { host: 'localhost' },
  });
  expect([statusCode, headers.etag, body]).toEqual([200, '"1"', '']);
});
