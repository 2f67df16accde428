import { setTimeout as sleep } from 'node:timers/promises';
import { check, endpoints, ImportResult, type Problem } from '@codepakt/contract';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { runningServer, type TestRun } from './testing/running-server.ts';
import { testServer } from './testing/test-server.ts';

const { board, docs, tasks } = endpoints;
const ada = { 'codepakt-agent': 'ada' };

test('a board is counted, drawn and measured', async () => {
  await using server = await testServer();
  await server.call(tasks.createBatch, {
    body: {
      tasks: [
        { title: 'a', key: 'a' },
        { title: 'b', depends_on: ['a'] },
      ],
    },
  });
  await server.call(tasks.pickUp, {}, ada);
  const status = await server.call(board.status);
  expect(status.body).toMatchObject({ total: 2, counts: { 'in-progress': 1, backlog: 1 } });
  const graph = await server.call(board.graph, { query: { all: true } });
  expect(graph.body).toMatchObject({
    edges: [{ from: 'T-001', to: 'T-002' }],
    critical_path: ['T-001', 'T-002'],
  });
  const metrics = await server.call(board.metrics, { query: { days: 7 } });
  expect(metrics.body.days.at(-1)).toMatchObject({ created: 2, completed: 0 });
});

test('while a long log is read for its metrics, others are served', async () => {
  await using server = await testServer();
  await server.call(tasks.create, { body: { title: 'a' } });
  const live = await server.app.projects.use(server.project);
  const sqlite = new Sqlite(live.project.file);
  sqlite.exec(`
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
    INSERT INTO events (task_id, agent, action, version, detail, created_at)
      SELECT 1, 'ada', 'task_noted', i, '{"note":"n"}', '2026-01-01T00:00:00.000Z' FROM n`);
  sqlite.close();
  const order: string[] = [];
  const measured = server.call(board.metrics).then(({ body }) => {
    order.push('metrics');
    return body;
  });
  for (const name of ['first', 'second', 'third']) {
    await server.call(endpoints.health.read).then(() => order.push(name));
  }
  expect((await measured).days.at(-1)).toMatchObject({ created: 1 });
  expect(order).toEqual(['first', 'second', 'third', 'metrics']);
});

test('docs are written, changed, found and deleted', async () => {
  await using server = await testServer();
  const created = await server.call(docs.create, {
    body: { type: 'decision', title: 'Use SQLite', body: 'One file a project.', tags: ['db'] },
  });
  expect(created.headers.location).toBe(`/api/projects/${server.project}/docs/D-001`);
  const params = { id: 'D-001' };
  const read = await server.call(docs.read, { params });
  expect(read.headers.etag).toBe('"1"');
  const changed = await server.call(docs.update, { params, body: { section: 'storage' } });
  expect(changed.headers.etag).toBe('"2"');
  expect((await server.call(docs.list)).body.items).toMatchObject([{ id: 'D-001' }]);
  const found = await server.call(docs.search, { query: { q: '"one* (sql*' } });
  expect(found.body.items).toMatchObject([{ id: 'D-001', type: 'decision' }]);
  expect((await server.call(docs.delete, { params })).body).toMatchObject({ deleted: true });
  expect((await server.refused(docs.read, { params })).status).toBe(404);
});

async function exported({ url, project }: TestRun): Promise<string> {
  const response = await fetch(`${url}/api/projects/${project}/export`);
  expect(response.headers.get('content-type')).toMatch(/^application\/x-ndjson/);
  return response.text();
}

async function imported(
  { url, project }: TestRun,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
) {
  const response = await fetch(`${url}/api/projects/${project}/import`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson', ...headers },
    body,
  });
  return { status: response.status, body: (await response.json()) as ImportResult & Problem };
}

describe('a whole board', () => {
  test('goes out and comes in elsewhere, byte for byte the same', async () => {
    await using here = await runningServer();
    await using there = await runningServer();
    const batch = Array.from({ length: 900 }, (_, n) => ({
      title: `task ${n} – 七 "quoted"\n`,
      description: 'x'.repeat(1_000),
    }));
    await here.send('POST', '/tasks/batch', { tasks: batch });
    await here.send('POST', '/tasks/pickup', {}, ada);
    await here.send('POST', '/docs', { type: 'reference', title: 'd', body: '# Doc' });
    await here.send('PATCH', '', { name: 'brought' });
    const lines = await exported(here);
    const { status, body } = await imported(there, lines);
    expect([status, check(ImportResult, body)]).toMatchObject([201, { tasks: 900, docs: 1 }]);
    expect(await exported(there)).toBe(lines);
    // By its name, too.
    const listed = await fetch(`${there.url}/api/projects`);
    expect(await listed.json()).toMatchObject({ items: [{ name: 'brought' }] });
  });

  test('comes in once under one key', async () => {
    await using here = await runningServer();
    await here.send('POST', '/tasks', { title: 'a' });
    const lines = await exported(here);
    await using there = await runningServer();
    const key = { 'idempotency-key': 'k' };
    const first = await imported(there, lines, key);
    expect(await imported(there, lines, key)).toEqual(first);
    const other = await imported(there, `${lines}\n`, key);
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_mismatch']);
  });

  test('comes into an empty board only', async () => {
    await using server = await runningServer();
    await server.send('POST', '/tasks', { title: 'a' });
    const { status, body } = await imported(server, await exported(server));
    expect([status, body.code]).toEqual([409, 'board_not_empty']);
  });

  test('comes in once of several that are sent at the same time', async () => {
    await using here = await runningServer();
    const tasks = Array.from({ length: 300 }, () => ({
      title: 'a',
      description: 'x'.repeat(1_000),
    }));
    await here.send('POST', '/tasks/batch', { tasks });
    const lines = await exported(here);
    await using there = await runningServer();
    const sent = [0, 40, 80].map(async (wait) => {
      await sleep(wait);
      return (await imported(there, lines)).status;
    });
    expect((await Promise.all(sent)).sort()).toEqual([201, 409, 409]);
    expect(await exported(there)).toBe(lines);
  });

  test('comes in whole or not at all: what is wrong is told with its line', async () => {
    await using here = await runningServer();
    for (const title of ['a', 'b']) await here.send('POST', '/tasks', { title });
    const lines = (await exported(here)).split('\n');
    await using there = await runningServer();
    const task = lines.findIndex((line) => line.includes('"T-002"'));
    const broken = (line: string) => lines.with(task, line).join('\n');
    const latin1 = Buffer.from(broken('{"title": "caf\xe9"}'), 'latin1');
    for (const [text, expected, code] of [
      [broken('{"kind":'), 400, 'malformed_body'],
      [broken('{"kind":"task","id":5}'), 422, 'invalid_input'],
      [new Uint8Array(latin1), 400, 'malformed_body'],
    ] as const) {
      const { status, body } = await imported(there, text);
      expect([status, body.code]).toEqual([expected, code]);
      expect(body.detail).toContain(`line ${task + 1}:`);
    }
    const cut = await imported(there, lines.slice(0, -2).join('\n'));
    expect(cut.status).toBe(422);
    const { body } = await there.send('GET', '/tasks');
    expect(body).toMatchObject({ items: [] });
    expect((await imported(there, lines.join('\n'))).status).toBe(201);
  });

  test('holds nobody up while it comes in', async () => {
    await using here = await runningServer();
    const batch = Array.from({ length: 1_000 }, (_, n) => ({ title: `task ${n}` }));
    for (let n = 0; n < 3; n++) await here.send('POST', '/tasks/batch', { tasks: batch });
    const lines = await exported(here);
    await using there = await runningServer();
    let isIn = false;
    const coming = imported(there, lines).finally(() => {
      isIn = true;
    });
    let answered = 0;
    while (!isIn) {
      const { body } = await there.send('GET', '/board');
      // The board is empty until it is all there.
      expect([0, 3_000]).toContain((body as { total: number }).total);
      answered += 1;
    }
    expect((await coming).status).toBe(201);
    expect(answered).toBeGreaterThan(5);
  });

  test('is not taken as any other kind of body', async () => {
    await using server = await runningServer();
    for (const type of ['application/json', 'text/plain']) {
      const { status } = await imported(server, '{}', { 'content-type': type });
      expect(status).toBe(415);
    }
  });

  test('that nobody reads to the end leaves the server as it was', async () => {
    await using server = await runningServer({ timeouts: { stalled_ms: 200 } });
    const tasks = Array.from({ length: 1_000 }, (_, n) => ({
      title: `${n}`,
      description: 'x'.repeat(20_000),
    }));
    await server.send('POST', '/tasks/batch', { tasks });
    const response = await fetch(`${server.url}/api/projects/${server.project}/export`);
    const reader = response.body?.getReader();
    await reader?.read();
    await new Promise((resolve) => setTimeout(resolve, 600));
    const readAll = async () => {
      for (;;) if ((await reader?.read())?.done !== false) return;
    };
    await expect(readAll()).rejects.toThrow();
    expect((await server.send('GET', '/board')).status).toBe(200);
  });
});
