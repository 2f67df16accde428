import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { testServer } from './testing/test-server.ts';

// POSIX drops all locks that a process has on a file when any descriptor of it is closed, and SQLite
// rests on them: reading the database by another way would let a second writer in.
test('nothing that the daemon does besides lets another process write while it does', async () => {
  await using server = await testServer();
  const live = await server.app.projects.use(server.project);
  const { file } = live.project;
  const looks = {
    'the tick': () => server.app.projects.tick(),
    'whether it is in place': () => live.isInPlace(),
    'the list of projects': () => server.app.projects.list(),
    'a project': () => server.app.projects.opened(server.project),
  };
  for (const [name, look] of Object.entries(looks)) {
    const isLocked = live.project.write(() => {
      look();
      return isRefused(file);
    });
    expect([name, isLocked]).toEqual([name, true]);
  }
  // So it would be seen.
  const isLocked = live.project.write(() => {
    closeSync(openSync(`${file}-shm`, 'r'));
    return isRefused(file);
  });
  expect(isLocked).toBe(process.platform !== 'linux' && process.platform !== 'darwin');
});

/** Whether another process is kept from writing just now. */
function isRefused(file: string): boolean {
  const script = `
    const { DatabaseSync } = require('node:sqlite');
    const sqlite = new DatabaseSync(${JSON.stringify(file)});
    sqlite.exec('BEGIN IMMEDIATE; ROLLBACK');`;
  const { status, stderr } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
  if (status !== 0 && !stderr.includes('database is locked')) throw new Error(stderr);
  return status !== 0;
}
