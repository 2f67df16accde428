import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endpoints } from '@codepakt/contract';
import { backUpBoard, lookForDamage, restoreBoard } from '@codepakt/core';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { type TestServer, testServer } from './testing/test-server.ts';

const { tasks, events } = endpoints;

function fileOf({ folder }: TestServer): string {
  return join(folder, 'project', '.codepakt', 'data.db');
}

/** What a byte that was flipped leaves, which SQLite finds nothing wrong with. */
function change(file: string, sql: string): void {
  const sqlite = new Sqlite(file);
  sqlite.exec(sql);
  sqlite.close();
}

/** Resolves when a damaged board was found out; another process looks, at the lowest priority. */
function notServed({ app, project }: TestServer): Promise<void> {
  const opened = () => app.projects.opened(project);
  return expect.poll(opened, { timeout: 60_000 }).toBeUndefined();
}

const examine = {
  examine: (file: string, signal: AbortSignal) => lookForDamage(file, { signal }),
  timeouts: { examine_after_ms: 0 },
};

test('a board that is damaged is not served from then on, until it is restored', async () => {
  await using server = await testServer(examine);
  const file = fileOf(server);
  await server.call(tasks.create, { body: { title: 'Buy milk' } });
  const backup = join(server.folder, 'backup.db');
  backUpBoard(file, backup);
  change(file, "UPDATE tasks SET title = 'Buy silk'");
  server.app.projects.tick();
  await notServed(server);
  const { status, body } = await server.refused(tasks.list);
  expect([status, body.code]).toEqual([503, 'database_damaged']);
  expect(body.detail).toContain('T-001: not what the log of events tells');
  expect(body.hint).toContain('cpk restore');
  // Whatever was tried: the same file is as damaged as before.
  expect((await server.refused(tasks.create, { body: { title: 'x' } })).status).toBe(503);
  await restoreBoard({ source: backup, database: file, keep_as: join(server.folder, 'kept.db') });
  const { items } = (await server.call(tasks.list)).body;
  expect(items).toMatchObject([{ title: 'Buy milk' }]);
});

test('a board that was mended is looked at before it is served; one that was not is refused', async () => {
  await using server = await testServer(examine);
  const file = fileOf(server);
  await server.call(tasks.create, { body: { title: 'Buy milk' } });
  change(file, "UPDATE tasks SET title = 'Buy silk'");
  server.app.projects.tick();
  await notServed(server);
  change(file, "UPDATE tasks SET title = 'Buy kilt'");
  expect((await server.refused(tasks.list)).body.code).toBe('database_damaged');
  change(file, "UPDATE tasks SET title = 'Buy milk'");
  expect((await server.call(tasks.list)).body.items).toHaveLength(1);
});

test('a board that was mended and cannot be looked at is refused as busy, and looked at by the next request', async () => {
  let hasHandles = true;
  await using server = await testServer({
    ...examine,
    examine: (file, signal) =>
      hasHandles ? lookForDamage(file, { signal }) : Promise.reject(new Error('spawn EMFILE')),
  });
  const file = fileOf(server);
  await server.call(tasks.create, { body: { title: 'Buy milk' } });
  change(file, "UPDATE tasks SET title = 'Buy silk'");
  server.app.projects.tick();
  await notServed(server);
  change(file, "UPDATE tasks SET title = 'Buy milk'");
  hasHandles = false;
  const { status, body } = await server.refused(tasks.list);
  expect([status, body.code]).toEqual([503, 'busy']);
  expect(body.detail).toContain('could not be read through');
  hasHandles = true;
  expect((await server.call(tasks.list)).body.items).toMatchObject([{ title: 'Buy milk' }]);
});

test('who follows the log of a board that turns out to be damaged is told why it ends', async () => {
  await using server = await testServer(examine);
  const agent = { 'codepakt-agent': 'ada' };
  await server.call(tasks.create, { body: { title: 'Buy milk', hold: true } });
  const live = await server.app.projects.use(server.project);
  const waiting = server.refused(tasks.pickUp, { query: { wait: 30 } }, agent);
  await expect.poll(() => live.feed.isHeard).toBe(true);
  change(fileOf(server), "UPDATE tasks SET title = 'Buy silk'");
  server.app.projects.tick();
  expect((await waiting).body.code).toBe('database_damaged');
});

test('a whole board is read through once while it is worked with, and never called damaged', async () => {
  const found: unknown[] = [];
  await using server = await testServer({
    ...examine,
    examine: async (file, signal) => {
      const error = await lookForDamage(file, { signal }).catch((failed: unknown) => failed);
      found.push(error);
      return undefined;
    },
  });
  await server.call(tasks.create, { body: { title: 'first' } });
  server.app.projects.tick();
  for (let n = 0; found.length === 0; n += 1) {
    // Who reads has the lowest priority: on a busy machine it would run after a board that grows.
    if (n > 300) await sleep(20);
    else {
      await server.call(tasks.create, { body: { title: `Task ${n}` } });
      await server.call(tasks.update, { params: { id: 'T-001' }, body: { title: `first ${n}` } });
    }
    server.app.projects.tick();
  }
  expect(found).toEqual([undefined]);
});

test('a server that stops ends whoever reads a board through for it', async () => {
  const server = await testServer(examine);
  await server.call(tasks.create, { body: { title: 'a' } });
  server.app.projects.tick();
  await server[Symbol.asyncDispose]();
  expect(existsSync(server.folder)).toBe(false);
});

test('an event of which a byte was changed is refused by name before anybody has looked', async () => {
  await using server = await testServer();
  await server.call(tasks.create, { body: { title: 'Buy milk' } });
  const file = fileOf(server);
  change(
    file,
    `DROP TRIGGER events_keep; UPDATE events SET created_at = '2026-01-01T00:00:00.000Z' WHERE id = 2;`,
  );
  const { status, body } = await server.refused(events.list);
  expect([status, body.code]).toEqual([503, 'database_damaged']);
  expect(body.detail).toContain('event 2');
});
