import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { openProject } from '@codepakt/core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { draftsIn, until, Workbench } from '../../testing/workbench.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let bench: Workbench;
let exported: string;

beforeAll(async () => {
  bench = await Workbench.withProject();
  using project = openProject(bench.project);
  const task = { title: 'task – 七 "quoted"\n', description: 'ü'.repeat(1_000) };
  const first = { ...task, key: 'first' };
  const others = Array.from({ length: 799 }, () => ({ ...task, depends_on: ['first'] }));
  project.tasks.createBatch([first, ...others]);
  project.docs.create({ type: 'learning', title: 'd', body: '# Doc' });
  project.tasks.pickUp({ agent: 'ada' });
  exported = `${[...project.board.export()].join('\n')}\n`;
});
afterAll(() => bench[Symbol.asyncDispose]());

/** A new project in a folder of its own. */
async function emptyProject(name: string): Promise<string> {
  const cwd = join(bench.folder, name);
  mkdirSync(cwd);
  await bench.ok(['init'], { cwd });
  return cwd;
}

test('a board goes out to a file and to stdout, and comes in from both, byte for byte', async () => {
  const file = join(bench.folder, 'board.jsonl');
  expect(await bench.ok(['board', 'export', file])).toMatchObject({ file, tasks: 800, docs: 1 });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readFileSync(file, 'utf8')).toBe(exported);
  expect((await bench.cpk(['board', 'export', '-'])).stdout).toBe(exported);

  const one = await emptyProject('one');
  expect(await bench.ok(['board', 'import', file], { cwd: one })).toMatchObject({ tasks: 800 });
  const two = await emptyProject('two');
  await bench.ok(['server', 'stop']);
  await bench.ok(['board', 'import', '-'], { cwd: two, stdin: exported });
  for (const cwd of [one, two]) {
    expect((await bench.cpk(['board', 'export'], { cwd })).stdout).toBe(exported);
  }
  expect(await bench.cpk(['board', 'import', file], { cwd: one })).toMatchObject({
    code: 4,
    error: { error: 'board_not_empty' },
  });
});

test('a file that is there is not replaced unless that is said, and nothing half-written stays', async () => {
  const file = bench.write('board.jsonl', 'mine');
  expect(await bench.cpk(['board', 'export', file])).toMatchObject({ code: 2 });
  expect(readFileSync(file, 'utf8')).toBe('mine');
  await bench.ok(['board', 'export', file, '--force']);
  expect(readFileSync(file, 'utf8')).toBe(exported);
  expect(await bench.cpk(['board', 'export', 'no/such/folder.jsonl'])).toMatchObject({ code: 3 });
  const pipe = join(bench.project, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const link = join(bench.project, 'link.jsonl');
  symlinkSync(file, link);
  for (const special of [pipe, link]) {
    expect(await bench.cpk(['board', 'export', special, '--force'])).toMatchObject({ code: 2 });
    expect(lstatSync(special).isFile()).toBe(false);
  }
  expect(readdirSync(bench.project).filter((name) => name.includes('.new-'))).toEqual([]);
});

test('what is wrong with a file is told with its line, and nothing comes in', async () => {
  const cwd = await emptyProject('three');
  const lines = exported.split('\n');
  const wrong = (name: string, text: string | Buffer) => {
    writeFileSync(join(cwd, name), text);
    return bench.cpk(['board', 'import', name], { cwd });
  };
  expect(await wrong('cut.jsonl', lines.slice(0, 5).join('\n'))).toMatchObject({
    code: 2,
    error: { message: expect.stringContaining('line 5') },
  });
  expect(await wrong('latin.jsonl', Buffer.from(exported, 'latin1'))).toMatchObject({
    code: 2,
    error: { message: expect.stringContaining('UTF-8') },
  });
  expect(await bench.cpk(['board', 'import', 'none'], { cwd })).toMatchObject({ code: 3 });
  expect(await bench.ok(['task', 'list'], { cwd })).toEqual([]);
});

test('an import whose server is killed comes in once, or not at all and then again', async () => {
  const cwd = await emptyProject('four');
  writeFileSync(join(cwd, 'board.jsonl'), exported);
  const own = join(cwd, '.codepakt');
  const importing = bench.cpk(['board', 'import', 'board.jsonl'], { cwd });
  await until(() => draftsIn(own).length > 0);
  killServer();
  const { code, stderr } = await importing;
  expect([code, stderr]).toEqual([0, '']);
  // It was killed while it read the board: that is still there.
  expect(draftsIn(own)).not.toEqual([]);
  expect((await bench.cpk(['board', 'export'], { cwd })).stdout).toBe(exported);

  const other = await emptyProject('five');
  writeFileSync(join(other, 'board.jsonl'), exported);
  const client = bench.start(['board', 'import', 'board.jsonl'], { cwd: other });
  await until(() => draftsIn(join(other, '.codepakt')).length > 0);
  client.kill('SIGKILL');
  await once(client, 'close');
  expect(client.signalCode).toBe('SIGKILL');
  await bench.ok(['board', 'import', 'board.jsonl', '--key', 'again'], { cwd: other }).catch(
    // It had come in when its client was killed.
    (error: Error) => expect(error.message).toContain('board_not_empty'),
  );
  expect((await bench.cpk(['board', 'export'], { cwd: other })).stdout).toBe(exported);
});

function killServer(): void {
  const { daemon } = bench;
  if (daemon === undefined) throw new Error('there is no server to kill');
  process.kill(daemon.pid, 'SIGKILL');
}
