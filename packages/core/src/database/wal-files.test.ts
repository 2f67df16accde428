import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { openDatabaseFile } from '../open-project.ts';
import { temporaryProject } from '../testing/index.ts';
import { refusal } from '../testing/refusal.ts';

test.for([
  ['the WAL', ['-wal']],
  ['its index', ['-shm']],
  ['the WAL with its index', ['-wal', '-shm']],
] as const)(
  'what %s of an open board held is saved when it is deleted, and all goes on',
  ([, suffixes]) => {
    using board = temporaryProject();
    const { project, file } = board;
    project.tasks.create({ title: 'before' });
    for (const suffix of suffixes) rmSync(file + suffix);
    project.keepWal();
    project.tasks.create({ title: 'after' });
    using other = openDatabaseFile(file);
    expect(other.tasks.list().items.map(({ title }) => title)).toEqual(['before', 'after']);
    expect(readdirSync(dirname(file)).sort()).toEqual(['data.db', 'data.db-shm', 'data.db-wal']);
  },
);

test('a board whose WAL another program has replaced is written to no more, and kept as a copy', () => {
  using board = temporaryProject();
  const { project, file } = board;
  project.tasks.create({ title: 'known here' });
  for (const suffix of ['-wal', '-shm']) rmSync(file + suffix);
  // In another process: within one, SQLite goes on with the files that it has.
  const program = `new (require('node:sqlite').DatabaseSync)(process.argv[1])
    .exec("UPDATE projects SET name = 'theirs'"); process.kill(process.pid, 'SIGKILL')`;
  spawnSync(process.execPath, ['-e', program, file]);
  const refused = refusal(() => project.keepWal());
  expect(refused.code).toBe('database_damaged');
  const copy = /in (\S+\.bak)\./.exec(refused.hint ?? '')?.[1] ?? '';
  using kept = openDatabaseFile(copy);
  expect(kept.tasks.get('T-001').title).toBe('known here');
  expect(refusal(() => project.keepWal())).toBe(refused);
});

test('a WAL that is deleted while somebody reads is saved when they are through', () => {
  using board = temporaryProject();
  const { file } = board;
  const project = board.reopen({ busy_timeout_ms: 0 });
  board.project.close();
  project.tasks.create({ title: 'before' });
  const lines = project.board.export()[Symbol.iterator]();
  lines.next();
  rmSync(`${file}-wal`);
  expect(refusal(() => project.keepWal()).code).toBe('busy');
  for (const _ of { [Symbol.iterator]: () => lines });
  project.keepWal();
  using other = openDatabaseFile(file);
  expect(other.tasks.get('T-001').title).toBe('before');
});
