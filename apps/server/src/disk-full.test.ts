import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { BoardStatus, Problem } from '@codepakt/contract';
import { openProject } from '@codepakt/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { spawnServer } from './testing/spawn-server.ts';
import { temporaryProject, VERSION } from './testing/test-server.ts';

let place: ReturnType<typeof temporaryProject>;
beforeEach(() => {
  place = temporaryProject();
});
afterEach(() => rmSync(place.folder, { recursive: true, force: true }));

// The kernel refuses to make any file larger than this, as a full disk would; it is lifted in the
// middle with prlimit, which only Linux has.
test.runIf(process.platform === 'linux')(
  'a disk that is full is told as 507, nothing is half written, and it goes on by itself',
  async () => {
    const options = { data_dir: place.data_dir, version: VERSION, port: 0 };
    const server = await spawnServer({ ...options, log: { to: 'file' } }, 'ulimit -Sf 2000');
    const url = `${server.said.url}/api/projects/${place.project}`;
    const create = async (title: string) => {
      const response = await fetch(`${url}/tasks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ title, description: 'x'.repeat(15_000) }),
      });
      return { status: response.status, body: (await response.json()) as Problem };
    };
    const titles: string[] = [];
    const refused: Problem[] = [];
    for (let n = 0; n < 80; n += 1) {
      const { status, body } = await create(`task ${n}`);
      if (status === 201) titles.push(`task ${n}`);
      else refused.push(body);
    }
    expect(titles.length).toBeGreaterThan(0);
    expect(refused[0]).toMatchObject({ status: 507, code: 'disk_full' });
    expect((await fetch(`${url}/tasks`)).status).toBe(200);

    execFileSync('prlimit', ['--pid', String(server.process.pid), '--fsize=unlimited:']);
    expect((await create('at last')).status).toBe(201);
    const board = (await (await fetch(`${url}/board`)).json()) as BoardStatus;
    expect(board.total).toBe(titles.length + 1);
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });

    using project = openProject(place.root);
    const { items } = project.tasks.list({ limit: 500, sort: 'id', fields: ['title'] });
    expect(items.map(({ title }) => title)).toEqual([...titles, 'at last']);
    expect(readFileSync(join(place.data_dir, 'server.log'), 'utf8')).toContain('"disk_full"');
  },
  30_000,
);
