import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { endpoints } from '@codepakt/contract';
import { initProject, removeProject, restoreProject } from '@codepakt/core';
import { ManualClock } from '@codepakt/core/testing';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { type TestServer, testServer } from './testing/test-server.ts';

const { projects, tasks } = endpoints;

function addProject(server: TestServer, name: string): { id: string; root: string; file: string } {
  const root = join(server.folder, name);
  mkdirSync(root);
  const { project } = initProject(root, { name, data_dir: server.data_dir });
  return { id: project.id, root, file: join(root, '.codepakt', 'data.db') };
}

/** Holds a database's write lock, as another process does in the middle of a transaction. */
function hold(file: string): () => void {
  const other = new Sqlite(file);
  other.exec('BEGIN IMMEDIATE');
  return () => {
    other.exec('ROLLBACK');
    other.close();
  };
}

test('the projects of the machine are listed, read and changed', async () => {
  await using server = await testServer();
  const second = addProject(server, 'second');
  const { body } = await server.call(projects.list);
  expect(body.items.map(({ name, available }) => [name, available])).toEqual([
    ['test', true],
    ['second', true],
  ]);
  const params = { project: second.id };
  const changed = await server.call(projects.update, {
    params,
    body: { description: 'the other', settings: { lease_seconds: 60 } },
  });
  expect(changed.body).toMatchObject({ description: 'the other', settings: { lease_seconds: 60 } });
  expect((await server.call(projects.read, { params })).body).toEqual(changed.body);
});

test('a project that gets another name is listed by it', async () => {
  await using server = await testServer();
  const { id } = addProject(server, 'second');
  const params = { project: id };
  await server.call(projects.update, { params, body: { name: 'renamed' } });
  const { body } = await server.call(projects.list);
  expect(body.items.find((item) => item.id === id)).toMatchObject({ name: 'renamed' });
});

describe('a project', () => {
  test('that was registered while the server runs is served at once', async () => {
    await using server = await testServer();
    const { id } = addProject(server, 'new');
    expect((await server.call(tasks.list, { params: { project: id } })).body.items).toEqual([]);
  });

  test('that is removed is not served any more, and is again when it is restored', async () => {
    await using server = await testServer();
    const { id } = addProject(server, 'other');
    const params = { project: id };
    await server.call(tasks.create, { params, body: { title: 'a' } });
    removeProject(server.data_dir, id);
    server.app.projects.tick();
    const gone = await server.refused(tasks.list, { params });
    expect([gone.status, gone.body.code]).toEqual([404, 'project_not_found']);
    restoreProject(server.data_dir, id);
    expect((await server.call(tasks.list, { params })).body.items).toHaveLength(1);
  });

  test('whose folder is gone is told so, and nothing is written into the removed file', async () => {
    await using server = await testServer();
    const { id, root } = addProject(server, 'other');
    const params = { project: id };
    await server.call(tasks.create, { params, body: { title: 'a' } });
    renameSync(root, `${root}-moved`);
    const write = await server.refused(tasks.create, { params, body: { title: 'b' } });
    expect([write.status, write.body.code]).toEqual([404, 'project_not_found']);
    server.app.projects.tick();
    const read = await server.refused(tasks.list, { params });
    expect([read.status, read.body.code]).toEqual([404, 'project_not_found']);
    renameSync(`${root}-moved`, root);
    await server.call(tasks.create, { params, body: { title: 'c' } });
    const { body } = await server.call(tasks.list, { params });
    expect(body.items.map(({ title }) => title)).toEqual(['a', 'c']);
  });

  test.each([
    ['removed', 'project_not_found', 'there is no project'],
    ['moved', 'project_not_found', 'was moved or removed'],
    ['replaced', 'shutting_down', 'was replaced'],
  ])('that is %s tells who waits for a task: %s, %s', async (what, code, message) => {
    await using server = await testServer();
    const { id, file } = addProject(server, 'other');
    const params = { project: id };
    const live = await server.app.projects.use(id);
    const agent = { 'codepakt-agent': 'ada' };
    const waiting = server.refused(tasks.pickUp, { params, query: { wait: 30 } }, agent);
    await expect.poll(() => live.feed.isHeard).toBe(true);
    if (what === 'removed') removeProject(server.data_dir, id);
    else renameSync(file, `${file}.moved`);
    if (what === 'replaced') copyFileSync(`${file}.moved`, file);
    server.app.projects.tick();
    expect((await waiting).body).toMatchObject({ code, detail: expect.stringContaining(message) });
  });

  test('whose database is not ours, damaged or of another project is refused', async () => {
    await using server = await testServer();
    const { id, file } = addProject(server, 'other');
    const params = { project: id };
    const stranger = addProject(server, 'stranger');
    for (const content of [
      () => writeFileSync(file, 'this is not a database, but a text that is long enough to be one'),
      () => renameSync(stranger.file, file),
    ]) {
      rmSync(file);
      content();
      const { status, body } = await server.refused(tasks.list, { params });
      expect([status, body.code]).toEqual([503, 'database_foreign']);
    }
    expect((await server.call(tasks.list)).status).toBe(200);
  });

  test('that nobody uses is closed, and opened again when it is', async () => {
    await using server = await testServer({ timeouts: { idle_ms: 0 } });
    await server.call(tasks.create, { body: { title: 'a' } });
    expect(server.app.projects.opened(server.project)).toBeDefined();
    await new Promise((resolve) => setTimeout(resolve, 5));
    server.app.projects.tick();
    expect(server.app.projects.opened(server.project)).toBeUndefined();
    expect((await server.call(tasks.list)).body.items).toHaveLength(1);
  });

  test('that is opened by many at once is opened once', async () => {
    await using server = await testServer();
    const all = await Promise.all(
      Array.from({ length: 10 }, () => server.app.projects.use(server.project)),
    );
    expect(new Set(all).size).toBe(1);
  });
});

describe('while another process holds a database', () => {
  test('writes to it wait, reads and other projects go on', async () => {
    await using server = await testServer();
    const held = addProject(server, 'held');
    const params = { project: held.id };
    await server.call(tasks.list, { params });
    const release = hold(held.file);
    const waiting = server.call(tasks.create, { params, body: { title: 'late' } });
    const began = performance.now();
    for (let n = 0; n < 10; n += 1) {
      await server.call(tasks.create, { body: { title: `${n}` } });
      await server.call(tasks.list, { params });
    }
    expect(performance.now() - began).toBeLessThan(4_000);
    release();
    expect((await waiting).body.id).toBe('T-001');
  });

  test('a write is refused in the end, to be tried again', async () => {
    await using server = await testServer({ timeouts: { busy_ms: 100 } });
    const held = addProject(server, 'held');
    const params = { project: held.id };
    await server.call(tasks.list, { params });
    const release = hold(held.file);
    const { status, headers, body } = await server.refused(tasks.create, {
      params,
      body: { title: 'never' },
    });
    expect([status, body.code]).toEqual([503, 'busy']);
    expect(headers['retry-after']).toBe('1');
    release();
    await server.call(tasks.create, { params, body: { title: 'now' } });
  });
});

describe('a lease', () => {
  const ada = { 'codepakt-agent': 'ada' };
  const start = Date.UTC(2026, 0, 1);

  /** A server whose clocks are told the time; projects take it from the same. */
  async function timedServer() {
    const clock = new ManualClock(start);
    let monotonic = 0;
    const clocks = { wall: () => clock.now(), monotonic: () => monotonic };
    const server = await testServer({ clock, clocks });
    const pass = (seconds: number) => {
      clock.advance(seconds);
      monotonic += seconds * 1_000;
    };
    return { server, sleep: (seconds: number) => clock.advance(seconds), pass };
  }

  test('that runs out is noticed within the second, and told', async () => {
    const { server, pass } = await timedServer();
    await using _ = server;
    await server.call(tasks.create, { body: { title: 'a' } });
    await server.call(tasks.pickUp, { body: { lease: 600 } }, ada);
    for (let n = 0; n < 60; n += 1) {
      pass(10);
      server.app.projects.tick();
    }
    pass(1);
    server.app.projects.tick();
    const { body } = await server.call(tasks.read, { params: { id: 'T-001' } });
    expect(body).toMatchObject({ status: 'open', assignee: null, expiries: 1 });
  });

  test('is not lost while the machine sleeps', async () => {
    const { server, sleep, pass } = await timedServer();
    await using _ = server;
    await server.call(tasks.create, { body: { title: 'a' } });
    await server.call(tasks.pickUp, { body: { lease: 60 } }, ada);
    sleep(3_600);
    server.app.projects.tick();
    const kept = await server.call(tasks.read, { params: { id: 'T-001' } });
    expect(kept.body).toMatchObject({ status: 'in-progress', assignee: 'ada' });
    for (let n = 0; n < 7; n += 1) {
      pass(10);
      server.app.projects.tick();
    }
    const lost = await server.call(tasks.read, { params: { id: 'T-001' } });
    expect(lost.body.status).toBe('open');
  });

  test('is not lost either when a request is faster than the tick', async () => {
    const { server, sleep } = await timedServer();
    await using _ = server;
    await server.call(tasks.create, { body: { title: 'a' } });
    await server.call(tasks.pickUp, { body: { lease: 60 } }, ada);
    sleep(3_600);
    const { body } = await server.call(tasks.pickUp, {}, { 'codepakt-agent': 'bob' });
    expect(body.task).toBeNull();
    await server.call(tasks.done, { params: { id: 'T-001' }, body: { claim: 1 } }, ada);
  });
});
