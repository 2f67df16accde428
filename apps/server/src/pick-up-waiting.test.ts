import { request } from 'node:http';
import type { Agent, PickupResult, Problem } from '@codepakt/contract';
import { openProject } from '@codepakt/core';
import { describe, expect, test } from 'vitest';
import { runningServer, type TestRun } from './testing/running-server.ts';

async function pickUp(
  server: TestRun,
  agent: string,
  wait: number,
  headers: Record<string, string> = {},
): Promise<PickupResult> {
  const all = { 'codepakt-agent': agent, ...headers };
  const { status, body } = await server.send('POST', `/tasks/pickup?wait=${wait}`, {}, all);
  expect([status, body]).toEqual([200, body]);
  return body;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a pickup that waits', () => {
  test('answers at once when there is a task', async () => {
    await using server = await runningServer();
    await server.send('POST', '/tasks', { title: 'a' });
    const began = performance.now();
    expect((await pickUp(server, 'ada', 60)).task?.id).toBe('T-001');
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test('answers as soon as one becomes ready', async () => {
    await using server = await runningServer();
    const waiting = pickUp(server, 'ada', 60);
    await pause(50);
    await server.send('POST', '/tasks', { title: 'a' });
    const began = performance.now();
    expect((await waiting).task?.id).toBe('T-001');
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test('answers also when another process made it ready', async () => {
    await using server = await runningServer();
    const waiting = pickUp(server, 'ada', 60);
    await pause(50);
    using other = openProject(server.root);
    other.tasks.create({ title: 'from elsewhere' });
    expect((await waiting).task?.id).toBe('T-001');
  });

  test('answers when a dependency is finished', async () => {
    await using server = await runningServer();
    const tasks = [
      { title: 'a', key: 'a' },
      { title: 'b', depends_on: ['a'] },
    ];
    await server.send('POST', '/tasks/batch', { tasks });
    await pickUp(server, 'ada', 0);
    const waiting = pickUp(server, 'bob', 60);
    await pause(50);
    await server.send('POST', '/tasks/T-001/done', {}, { 'codepakt-agent': 'ada' });
    expect((await waiting).task?.id).toBe('T-002');
  });

  test('is a sign of life from its beginning', async () => {
    await using server = await runningServer();
    const waiting = pickUp(server, 'ada', 60);
    const agents = async () => {
      const page: { items: Agent[] } = (await server.send('GET', '/agents')).body;
      return page.items;
    };
    for (let tries = 0; tries < 200 && (await agents()).length === 0; tries++) await pause(10);
    expect(await agents()).toMatchObject([{ name: 'ada' }]);
    await server.send('POST', '/tasks', { title: 'a' });
    expect((await waiting).task?.id).toBe('T-001');
  });

  test('says why there was nothing when the time is over', async () => {
    await using server = await runningServer();
    await server.send('POST', '/tasks', { title: 'a', hold: true });
    const began = performance.now();
    expect(await pickUp(server, 'ada', 1)).toMatchObject({ task: null, why: { held: 1 } });
    expect(performance.now() - began).toBeGreaterThan(950);
  });

  test('never gives one task to two who wait', async () => {
    await using server = await runningServer();
    const waiting = Array.from({ length: 8 }, (_, n) => pickUp(server, `agent-${n}`, 2));
    await pause(50);
    for (const title of ['a', 'b', 'c']) await server.send('POST', '/tasks', { title });
    const ids = (await Promise.all(waiting)).map(({ task }) => task?.id);
    expect(ids.filter((id) => id !== undefined).sort()).toEqual(['T-001', 'T-002', 'T-003']);
  });

  test('keeps its key for the task that it got at last', async () => {
    await using server = await runningServer();
    const key = { 'idempotency-key': 'k' };
    const waiting = pickUp(server, 'ada', 60, key);
    await pause(50);
    for (const title of ['a', 'b']) await server.send('POST', '/tasks', { title });
    expect((await waiting).task?.id).toBe('T-001');
    expect((await pickUp(server, 'ada', 60, key)).task?.id).toBe('T-001');
  });

  test('claims nothing for a caller that has gone away', async () => {
    await using server = await runningServer();
    const call = request(`${server.url}/api/projects/${server.project}/tasks/pickup?wait=60`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'codepakt-agent': 'ada' },
    });
    call.on('error', () => undefined);
    call.end();
    await pause(100);
    call.destroy();
    await pause(50);
    await server.send('POST', '/tasks', { title: 'a' });
    await pause(100);
    const { body } = await server.send('GET', '/tasks/T-001');
    expect(body).toMatchObject({ status: 'open', assignee: null });
  });

  test('is sent away when the server stops', async () => {
    await using server = await runningServer();
    const waiting = server.send('POST', '/tasks/pickup?wait=60', {}, { 'codepakt-agent': 'ada' });
    await pause(50);
    await server.stop();
    const { status, body } = await waiting;
    expect([status, (body as Problem).code]).toEqual([503, 'shutting_down']);
  });

  test('waits a minute at most', async () => {
    await using server = await runningServer();
    const agent = { 'codepakt-agent': 'ada' };
    const { status } = await server.send('POST', '/tasks/pickup?wait=61', {}, agent);
    expect(status).toBe(422);
  });
});
