import { rmSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { spawnServer } from './testing/spawn-server.ts';
import { temporaryProject, VERSION } from './testing/test-server.ts';

const CLIENTS = 8;
const ROUNDS = 4;

test('what was answered before a kill is there, once; what was not can be asked again', async () => {
  const place = temporaryProject();
  const options = { data_dir: place.data_dir, version: VERSION, port: 0 };
  const answers = new Map<string, string>();
  let asked = 0;
  /** Keys whose answer got lost: the task may be there or not. */
  const unsure = new Set<string>();

  for (let round = 0; round <= ROUNDS; round += 1) {
    const server = await spawnServer(options);
    const url = `${server.said.url}/api/projects/${place.project}/tasks`;
    const create = async (key: string) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ title: key }),
      });
      const { id } = (await response.json()) as { id: string };
      expect(response.status).toBe(201);
      expect(answers.get(key) ?? id).toBe(id);
      answers.set(key, id);
      unsure.delete(key);
    };
    // First everything that went under, and something that did not.
    for (const key of [...unsure, ...[...answers.keys()].slice(-3)]) await create(key);
    if (round === ROUNDS) {
      expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
      break;
    }
    const client = async () => {
      for (;;) {
        asked += 1;
        const key = `task ${asked}`;
        unsure.add(key);
        await create(key);
      }
    };
    const clients = Array.from({ length: CLIENTS }, () => client());
    setTimeout(() => server.process.kill('SIGKILL'), 150 + 100 * round);
    for (const { reason } of (await Promise.allSettled(clients)) as PromiseRejectedResult[]) {
      expect(reason).toBeInstanceOf(TypeError);
    }
    await server.ended;
  }

  const db = new Sqlite(join(place.root, '.codepakt', 'data.db'));
  expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
  const titles = db.prepare('SELECT title FROM tasks ORDER BY title').pluck().all();
  const created = db.prepare("SELECT count(*) FROM events WHERE action = 'task_created'");
  expect(titles).toEqual([...answers.keys()].sort());
  expect(created.pluck().get()).toBe(answers.size);
  expect(answers.size).toBe(asked);
  db.close();
  rmSync(place.folder, { recursive: true, force: true });
}, 60_000);
