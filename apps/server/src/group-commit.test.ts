import { request } from 'node:http';
import { Project } from '@codepakt/core';
import { expect, test, vi } from 'vitest';
import { runningServer, type TestRun } from './testing/running-server.ts';

test('calls that come together share commits, also when each opens a connection as those of cpk do', async () => {
  await using server = await runningServer();
  await createTask(server, 'before');
  const writeAll = vi.spyOn(Project.prototype, 'writeAll');
  try {
    await Promise.all(Array.from({ length: 16 }, (_, n) => createTask(server, `task ${n}`)));
    const groups = writeAll.mock.calls.map(([works]) => works.length);
    expect(groups.reduce((sum, size) => sum + size, 0)).toBe(16);
    expect(groups.length).toBeLessThan(8);
  } finally {
    writeAll.mockRestore();
  }
});

/** Over a connection of its own that is closed behind it. */
function createTask({ url, project }: TestRun, title: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const options = { method: 'POST', headers, agent: false };
    const call = request(`${url}/api/projects/${project}/tasks`, options, (response) => {
      response.resume().once('end', () => {
        if (response.statusCode === 201) resolve();
        else reject(new Error(`answered with ${response.statusCode}`));
      });
    });
    call.once('error', reject).end(JSON.stringify({ title }));
  });
}
