import { once } from 'node:events';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabaseFile, openProject, type Project } from '@codepakt/core';
import { expect, test, vi } from 'vitest';
import { draftsIn, until, Workbench } from '../testing/workbench.ts';

vi.setConfig({ testTimeout: 60_000 });

interface Backup {
  file: string;
  tasks: number;
  last_event_id: number;
}

/** The titles of all tasks of a board, past the server; it is closed then. */
function titles(board: Project): unknown[] {
  using project = board;
  const found: unknown[] = [];
  for (const line of project.board.export()) {
    const { kind, title } = JSON.parse(line) as { kind: string; title?: string };
    if (kind === 'task') found.push(title);
  }
  return found;
}

test('a board is backed up and restored while the server runs, and who follows it is told', async () => {
  await using bench = await Workbench.withProject();
  await bench.ok(['task', 'add', 'one']);
  const backup = await bench.ok<Backup>(['backup']);
  expect(backup).toMatchObject({ tasks: 1, last_event_id: 2 });
  expect(backup.file).toContain(join(bench.data_dir, 'backups'));
  await bench.ok(['task', 'add', 'two']);
  const follower = bench.start(['events', '-f']);
  let told = '';
  follower.stdout?.setEncoding('utf8').on('data', (text: string) => {
    told += text;
  });
  // It listens when it tells of something.
  await until(async () => {
    await bench.ok(['task', 'note', 'T-001', 'hello']);
    return told !== '';
  });
  const restored = await bench.ok<{ kept: string }>(['restore', backup.file]);
  expect(await bench.ok(['task', 'list'])).toMatchObject([{ title: 'one' }]);
  await until(() => told.includes('board_restored'));
  expect(await bench.ok(['task', 'add', 'other two'])).toMatchObject({ id: 'T-002' });
  await until(() => told.includes('other two'));

  expect(await bench.ok(['backup', '--list'])).toMatchObject([
    { file: restored.kept, why: 'restore' },
    { file: backup.file, why: 'backup' },
  ]);
  expect(await bench.ok(['backup', '--keep', '1'])).toMatchObject({ pruned: [backup.file] });
});

test('what others write while a backup takes the place is kept, or on the board: nothing is lost', async () => {
  await using bench = await Workbench.withProject();
  const { file } = await bench.ok<Backup>(['backup']);
  const [project] = await bench.ok<{ id: string }[]>(['projects', 'list']);
  await bench.ok(['task', 'list']);
  const tasks = `${bench.daemon?.url}/api/projects/${project?.id}/tasks`;
  const acknowledged: string[] = [];
  const write = async (name: string, signal: AbortSignal) => {
    for (let n = 0; !signal.aborted; n++) {
      const body = JSON.stringify({ title: `${name} ${n}` });
      const headers = { 'content-type': 'application/json' };
      const { status } = await fetch(tasks, { method: 'POST', headers, body });
      if (status === 201) acknowledged.push(`${name} ${n}`);
    }
  };
  const stop = new AbortController();
  const writers = ['a', 'b', 'c'].map((name) => write(name, stop.signal));
  const { kept } = await bench.ok<{ kept: string }>(['restore', file]);
  await sleep(100);
  stop.abort();
  await Promise.all(writers);
  const boards = [openDatabaseFile(kept), openProject(bench.project)];
  const known = new Set(boards.flatMap(titles));
  expect(acknowledged.length).toBeGreaterThan(0);
  expect(acknowledged.filter((title) => !known.has(title))).toEqual([]);
});

test('a lost folder, a damaged board and one that is no board come back', async () => {
  await using bench = await Workbench.withProject();
  await bench.ok(['task', 'add', 'one']);
  const { file } = await bench.ok<Backup>(['backup']);
  // The server has it open, and finds another in its place.
  const database = join(bench.project, '.codepakt', 'data.db');
  writeFileSync(database, 'x'.repeat(300_000));
  expect((await bench.cpk(['backup'])).error).toMatchObject({ error: 'database_foreign' });
  const { kept } = await bench.ok<{ kept: string }>(['restore', file]);
  expect(existsSync(kept)).toBe(true);
  expect(await bench.ok(['task', 'list'])).toMatchObject([{ title: 'one' }]);

  rmSync(join(bench.project, '.codepakt'), { recursive: true });
  await bench.ok(['restore', file]);
  expect(await bench.ok(['task', 'add', 'two'])).toMatchObject({ id: 'T-002' });

  const note = bench.write('note.txt', 'hello');
  for (const [source, code, error] of [
    [note, 4, 'database_foreign'],
    ['missing.db', 3, 'file_not_found'],
  ] as const) {
    const refused = await bench.cpk(['restore', source]);
    expect(refused).toMatchObject({
      code,
      error: { error, message: expect.stringContaining(source) },
    });
  }
  expect(await bench.ok(['task', 'list'])).toHaveLength(2);
});

test('in a folder without a board, a backup makes a project of its own', async () => {
  await using bench = await Workbench.withProject();
  await bench.ok(['task', 'add', 'one']);
  const { file } = await bench.ok<Backup>(['backup']);
  const cwd = join(bench.folder, 'there');
  mkdirSync(cwd);
  const { project } = await bench.ok<{ project: { id: string } }>(['restore', file], { cwd });
  const projects = await bench.ok<{ id: string; path: string }[]>(['projects', 'list']);
  expect(projects.find(({ id }) => id === project.id)).toMatchObject({ path: cwd });
  expect(await bench.ok(['task', 'list'], { cwd })).toMatchObject([{ title: 'one' }]);
  expect(await bench.cpk(['restore', file], { cwd })).toMatchObject({
    code: 4,
    error: { hint: expect.stringContaining('--force') },
  });
});

test('a backup or a restore that is killed in its middle leaves a whole board', async () => {
  await using bench = await Workbench.withProject();
  await bench.ok(['task', 'add', 'one']);
  {
    using project = openProject(bench.project);
    project.write(() => {
      for (let n = 0; n < 16; n++) {
        const body = `${n} `.repeat(300_000);
        project.docs.create({ type: 'learning', title: `long ${n}`, body });
      }
    });
  }
  const { file } = await bench.ok<Backup>(['backup']);
  await bench.ok(['task', 'add', 'two']);
  const folder = join(file, '..');
  for (const [args, place] of [
    [['backup'], folder],
    [['restore', file], join(bench.project, '.codepakt')],
  ] as const) {
    const child = bench.start(args);
    await until(() => draftsIn(place).length > 0);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(draftsIn(place)).not.toEqual([]);
    expect([['one', 'two'], ['one']]).toContainEqual(titles(openProject(bench.project)));
    for (const name of readdirSync(folder).filter((one) => /^[^.]+\.db$/.test(one))) {
      const copy = join(bench.folder, 'copy');
      mkdirSync(join(copy, '.codepakt'), { recursive: true });
      copyFileSync(join(folder, name), join(copy, '.codepakt', 'data.db'));
      expect(titles(openProject(copy))).toContain('one');
      rmSync(copy, { recursive: true });
    }
  }
  // An hour later they are cleared away.
  for (const name of draftsIn(folder)) utimesSync(join(folder, name), 0, 0);
  await bench.ok(['backup']);
  expect(draftsIn(folder)).toEqual([]);
  await bench.ok(['restore', file]);
  expect(titles(openProject(bench.project))).toEqual(['one']);
});
