import { mkdirSync, rmSync } from 'node:fs';
import type { Problem } from '@codepakt/contract';
import { initProject } from '@codepakt/core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { spawnServer } from './testing/spawn-server.ts';
import { temporaryProject, VERSION } from './testing/test-server.ts';

let place: ReturnType<typeof temporaryProject>;
beforeEach(() => {
  place = temporaryProject();
});
afterEach(() => rmSync(place.folder, { recursive: true, force: true }));

// The limits differ by one, so that each of the files of a project is once the one too many.
test.runIf(process.platform !== 'win32').for([45, 46, 47])(
  'a server that may open %i files calls a project that is one too many busy, and none missing',
  { timeout: 30_000 },
  async (limit) => {
    const { data_dir } = place;
    const projects = Array.from({ length: 12 }, (_, n) => {
      const root = `${place.folder}/project-${n}`;
      mkdirSync(root);
      return initProject(root, { data_dir }).project.id;
    });
    const options = { data_dir, version: VERSION, port: 0, timeouts: { busy_ms: 50 } };
    const server = await spawnServer(options, `ulimit -n ${limit}`);
    const read = async (id: string) => {
      const response = await fetch(`${server.said.url}/api/projects/${id}/board`);
      return response.ok ? 'served' : ((await response.json()) as Problem).code;
    };
    const said: string[] = [];
    for (const id of projects) said.push(await read(id));
    expect(new Set(said)).toEqual(new Set(['served', 'busy']));
    expect(await read(projects[0] ?? '')).toBe('served');
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
  },
);
