import { chmodSync, existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Event, ScanResult } from '@codepakt/contract';
import { dumpIndex } from '@codepakt/core/testing';
import { expect, test, vi } from 'vitest';
import { openRepository, type Repository } from '../testing/repository.ts';
import { type Ran, Workbench } from '../testing/workbench.ts';

vi.setConfig({ testTimeout: 120_000 });

test('scan counts what it found, and a second one parses nothing', async () => {
  await using bench = await repositoryBench();
  const first = await bench.ok<ScanResult>(['scan']);
  expect(first).toMatchObject({ files: 2, parsed: 2, symbols: 3, imports: 1 });
  expect(first.languages).toEqual({ typescript: 2 });
  const second = await bench.ok<ScanResult>(['scan']);
  expect(second).toMatchObject({ files: 2, parsed: 0, unchanged: 2 });
  const events = await bench.ok<Event[]>(['events', '--action', 'scan_completed']);
  expect(events).toHaveLength(1);
  expect(events[0]?.detail).toMatchObject({ files: 2, parsed: 2 });
});

test('--check says how many files changed: exit 4, and 0 when the index fits', async () => {
  await using bench = await repositoryBench();
  expect(await bench.cpk(['scan', '--check'])).toMatchObject({
    code: 4,
    json: { changed: 0, new: 2, gone: 0 },
  });
  await bench.ok(['scan']);
  expect(await bench.cpk(['scan', '--check'])).toMatchObject({ code: 0 });
  bench.write('src/a.ts', 'export const other = 1;\n');
  bench.write('src/new.ts', 'export const fresh = 1;\n');
  rmSync(join(bench.project, 'src/b.ts'));
  const before = dumpIndex(databaseOf(bench));
  expect(await bench.cpk(['scan', '--check'])).toMatchObject({
    code: 4,
    json: { changed: 1, new: 1, gone: 1 },
  });
  expect(dumpIndex(databaseOf(bench))).toEqual(before);
});

test('questions need an index, name the nearest file, and answer with an exit code', async () => {
  await using bench = await repositoryBench();
  const none = await bench.cpk(['code', 'symbols', 'open']);
  expect(none).toMatchObject({ code: 4, error: { hint: 'Make it: cpk scan' } });
  await bench.ok(['scan']);
  expect(await bench.cpk(['code', 'outline', 'src/aa.ts'])).toMatchObject({
    code: 3,
    error: { error: 'file_not_found', hint: 'Did you mean src/a.ts?' },
  });
  expect(await bench.cpk(['code', 'source', 'nothing_like_it'])).toMatchObject({
    code: 3,
    error: { error: 'symbol_not_found' },
  });
  expect(await bench.cpk(['code', 'imports'])).toMatchObject({ code: 2 });
  expect(await bench.cpk(['scan', '--full', '--check'])).toMatchObject({ code: 2 });
});

test('answers are short, also from a folder of the project, and as 0.2 spelled the questions', async () => {
  await using bench = await repositoryBench();
  await bench.ok(['scan']);
  const open = {
    name: 'openStore',
    kind: 'function',
    at: 'src/a.ts:2',
    signature: 'export function openStore(): number',
  };
  expect(await bench.ok(['code', 'symbols', 'openStore'])).toEqual([open]);
  expect(await bench.ok(['code', 'symbols', '--name', 'openStore'])).toEqual([open]);
  expect(await bench.ok(['code', 'outline', 'src/a.ts'])).toEqual({
    lines: 4,
    outline: ['2-4 export function openStore(): number'],
  });
  expect(await bench.ok(['code', 'source', 'openStore'])).toEqual({
    at: 'src/a.ts:2-4',
    text: 'export function openStore(): number {\n  return 1;\n}',
  });
  const imports = { imports: [{ file: 'src/a.ts', line: 1, names: ['openStore as open'] }] };
  const src = { cwd: join(bench.project, 'src') };
  expect(await bench.ok(['code', 'imports', 'src/b.ts'])).toEqual(imports);
  expect(await bench.ok(['code', 'imports', 'b.ts'], src)).toEqual(imports);
  expect(await bench.ok(['code', 'imports', '--file', 'src/b.ts'])).toEqual(imports);
  expect(await bench.ok(['code', 'dependents', './a.ts'], src)).toEqual({
    dependents: ['src/b.ts:1'],
  });
  expect(await bench.ok(['code', 'dependents', 'src/a.ts', '--transitive'])).toEqual({
    dependents: { 1: ['src/b.ts'] },
  });
  expect(await bench.ok(['code', 'path', 'src/b.ts', 'src/a.ts'])).toEqual({
    path: ['src/b.ts:1', 'src/a.ts'],
  });
  expect(await bench.ok(['code', 'cycles'])).toEqual({ cycles: [] });
  expect(await bench.ok(['code', 'orphans'])).toEqual({ orphans: ['src/b.ts'] });
  expect(await bench.ok(['code', 'summary'])).toMatchObject({
    files: 2,
    entry_points: { 'src/b.ts': 1 },
  });
  expect(await bench.ok(['code', 'search', 'opens', 'store'])).toMatchObject([
    { at: 'src/a.ts:2' },
  ]);
});

test('an outline has a line for each statement, and none for what is required', async () => {
  await using bench = await repositoryBench();
  bench.write(
    'src/old.cjs',
    [
      "const { a, b } = require('./a');",
      "const path = require('node:path').posix;",
      'const { c, d } = path;',
      "exports.e = require('./e');",
      'function run() {}',
    ].join('\n'),
  );
  await bench.ok(['scan']);
  expect(await bench.ok(['code', 'outline', 'src/old.cjs'])).toMatchObject({
    outline: ['3 const { c, d } = path', '5 function run()'],
  });
});

test('an import of several modules says of each file what it is imported for', async () => {
  await using bench = await repositoryBench();
  bench.write('web/__init__.py', "version = '1'\n");
  bench.write('web/headers.py', '');
  bench.write('web/parts/__init__.py', '');
  bench.write('web/app.py', 'from . import headers as h, parts, version\n');
  await bench.ok(['scan']);
  expect(await bench.ok(['code', 'imports', 'web/app.py'])).toEqual({
    imports: [
      { file: 'web/__init__.py', line: 1, names: ['version'] },
      { file: 'web/headers.py', line: 1, names: ['headers as h'] },
      { file: 'web/parts/__init__.py', line: 1, names: ['parts'] },
    ],
  });
});

test('an outline shows what a file passes on where it stands, and the other name finds the symbol', async () => {
  await using bench = await repositoryBench();
  bench.write('src/a.ts', 'export class Store {}\n');
  bench.write(
    'index.ts',
    "export * from './src/a.ts';\n\nexport class Own {\n  run() {}\n}\nexport { Store as Shop, Store } from './src/a.ts';\nexport * as z from 'zod';\n",
  );
  await bench.ok(['scan']);
  expect(await bench.ok(['code', 'outline', 'index.ts'])).toMatchObject({
    outline: [
      '1 export * from src/a.ts',
      '3-5 export class Own',
      '  4 run()',
      '6 export { Store as Shop, Store } from src/a.ts',
      '7 export * as z from zod',
    ],
  });
  expect(await bench.ok(['code', 'symbols', 'Shop'])).toEqual([
    { name: 'Store', kind: 'class', at: 'src/a.ts:1' },
  ]);
});

test('of a long outline the outer levels are shown, and more when asked', async () => {
  await using bench = await repositoryBench();
  const methods = Array.from({ length: 300 }, (_, n) => `  m${n}() {}`);
  const others = ['b', 'c', 'd', 'e'].map((name) => `function ${name}() {}`);
  const text = (end: string[]) => ['export class A {', ...methods, '}', ...end, ''].join('\n');
  bench.write('src/long.ts', text(others));
  bench.write('src/one.ts', text([]));
  await bench.ok(['scan']);
  const short = await bench.cpk(['code', 'outline', 'src/long.ts']);
  expect(short.json).toEqual({
    lines: 306,
    outline: [
      '1-302 export class A',
      ...others.map((line, n) => `${303 + n} ${line.slice(0, -3)}`),
    ],
    deeper: 300,
  });
  expect(short.stderr).toContain('more: --depth 2');
  const whole = await bench.ok<{ outline: string[] }>([
    ...['code', 'outline', 'src/long.ts', '--depth', '2'],
  ]);
  expect(whole.outline).toHaveLength(305);
  expect(whole).not.toHaveProperty('deeper');
  // One line would tell nothing.
  const one = await bench.ok<{ outline: string[] }>(['code', 'outline', 'src/one.ts']);
  expect(one.outline).toHaveLength(301);
});

test('a file is understood as agents name it: with a line, with Windows slashes, whole', async () => {
  await using bench = await repositoryBench();
  await bench.ok(['scan']);
  const dependents = { dependents: ['src/b.ts:1'] };
  for (const file of ['src/a.ts:2', 'src/a.ts:2:7', 'src\\a.ts', join(bench.project, 'src/a.ts')]) {
    expect(await bench.ok(['code', 'dependents', file])).toEqual(dependents);
  }
  expect(await bench.ok(['code', 'source', 'src\\a.ts:3'])).toMatchObject({ at: 'src/a.ts:2-4' });
  const link = join(bench.folder, 'link');
  symlinkSync(bench.project, link);
  expect(await bench.ok(['code', 'dependents', join(link, 'src/a.ts')])).toEqual(dependents);
  for (const [file, message] of [
    ['..', '.. lies outside of the project'],
    [import.meta.filename, `${import.meta.filename} lies outside of the project`],
    ['src', 'src is a folder, and a file is asked for'],
  ] as const) {
    expect(await bench.cpk(['code', 'outline', file])).toMatchObject({
      code: 3,
      error: { error: 'file_not_found', message },
    });
  }
  const source = await bench.cpk(['code', 'source', './a.ts'], { cwd: join(bench.project, 'src') });
  expect(source.error).toMatchObject({ message: 'src/a.ts is a file, not a symbol' });
});

test('an answer says that a file was changed since, and --fresh reads it first', async () => {
  await using bench = await repositoryBench();
  await bench.ok(['scan']);
  bench.write('src/a.ts', '\n\n// moved\nexport function openStore() {}\n');
  expect(await bench.ok(['code', 'symbols', 'openStore'])).toMatchObject([
    { at: 'src/a.ts:2', stale: true },
  ]);
  const source = await bench.ok<object>(['code', 'source', 'openStore']);
  expect(source).toMatchObject({ stale: true });
  expect(source).not.toHaveProperty('text');
  const [fresh] = await bench.ok<object[]>(['code', 'symbols', 'openStore', '--fresh']);
  expect(fresh).toMatchObject({ at: 'src/a.ts:4' });
  expect(fresh).not.toHaveProperty('stale');
});

test('two worktrees on two branches keep two indexes, and one board', async () => {
  await using bench = await repositoryBench();
  const repository = openRepository(bench.project);
  const linked = join(bench.folder, 'linked');
  repository.git('worktree', 'add', '--quiet', '-b', 'other', linked);
  writeFileSync(join(linked, 'src/a.ts'), 'export const onlyThere = 1;\n');
  const there = { cwd: linked };
  await bench.ok(['scan']);
  expect(await bench.cpk(['code', 'symbols', 'onlyThere'], there)).toMatchObject({ code: 4 });
  await bench.ok(['scan'], there);
  expect(await bench.ok(['code', 'symbols', 'onlyThere'], there)).toHaveLength(1);
  expect(await bench.ok(['code', 'symbols', 'onlyThere'])).toEqual([]);
  expect(await bench.ok(['code', 'symbols', 'openStore'])).toHaveLength(1);
  expect(existsSync(join(bench.project, '.git/worktrees/linked/codepakt/index.db'))).toBe(true);
  const events = await bench.ok<Event[]>(['events', '--action', 'scan_completed']);
  expect(events.map(({ detail }) => detail.worktree)).toEqual([linked, undefined]);
});

test('killed at any moment, a scan leaves the old index or the new one', async () => {
  await using bench = await repositoryBench();
  await bench.ok(['scan']);
  const old = dumpIndex(databaseOf(bench));
  for (let number = 0; number < 300; number++) {
    bench.write(
      `many/f${number}.ts`,
      `import '../src/a.ts';\nexport class C${number} { m() {} }\n`,
    );
  }
  let kills = 0;
  for (const delay of [150, 300, 450, 600, 750, 900, 1_100, 1_300]) {
    const child = bench.start(['scan']);
    const closed = new Promise((resolve) => child.once('close', resolve));
    await sleep(delay);
    if (child.kill('SIGKILL')) kills++;
    await closed;
    const now = dumpIndex(databaseOf(bench));
    if (now.length === old.length) expect(now).toEqual(old);
    else expect(now.at(-1)).toEqual({ searchable: 603, symbols: 603 });
  }
  expect(kills).toBeGreaterThan(0);
  expect(await bench.ok(['scan'])).toMatchObject({ files: 302 });
});

test('several scans at once all end well', async () => {
  await using bench = await repositoryBench();
  const runs = await Promise.all([1, 2, 3].map(() => bench.cpk(['scan', '--full'])));
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect(await bench.cpk(['scan', '--check'])).toMatchObject({ code: 0 });
});

test('Ctrl-C ends a scan with 130, and the old index stays', async () => {
  await using bench = await repositoryBench();
  await bench.ok(['scan']);
  let code: number | null = null;
  let old: unknown;
  // How long a scan takes depends on the machine: the right moment in its middle is searched for.
  for (const wait_ms of [900, 1_600, 500, 3_000]) {
    old = dumpIndex(databaseOf(bench));
    for (let number = 0; number < 1_500; number++) {
      const text = `export class C${number} {\n${`  m${wait_ms}() {}\n`.repeat(200)}}\n`;
      bench.write(`many/f${number}.ts`, text);
    }
    const child = bench.start(['scan']);
    const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
    await sleep(wait_ms);
    child.kill('SIGINT');
    code = await closed;
    if (code === 130) break;
  }
  expect(code).toBe(130);
  expect(dumpIndex(databaseOf(bench))).toEqual(old);
});

test('pickups go on beside a first scan', async () => {
  await using bench = await repositoryBench();
  for (const title of ['one', 'two', 'three', 'four'])
    await bench.ok(['task', 'add', '--title', title]);
  for (let number = 0; number < 400; number++) {
    bench.write(`many/f${number}.ts`, `export class C${number} {\n${'  m() {}\n'.repeat(100)}}\n`);
  }
  const scan = bench.cpk(['scan']);
  const pickups: Ran[] = [];
  for (const agent of ['ada', 'bob', 'cy', 'dee'])
    pickups.push(await bench.cpk(['task', 'pickup', '--agent', agent]));
  expect(pickups.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  expect(await scan).toMatchObject({ code: 0, json: { files: 402 } });
});

test('a commit brings the index to what it holds, in the project that the hook was installed for', async () => {
  await using bench = await repositoryBench();
  await bench.ok(['scan']);
  expect(await bench.ok(['scan', '--install-hook'])).toMatchObject({
    hook: '.git/hooks/pre-commit',
  });
  const bin = join(bench.folder, 'bin');
  bench.write('../bin/cpk', `#!/bin/sh\nexec ${bench.commandLine(['"$@"'])}\n`);
  chmodSync(join(bin, 'cpk'), 0o755);
  const repository = openRepository(bench.project, {
    ...bench.env,
    PATH: `${bin}:${process.env.PATH}`,
  });
  bench.write('src/a.ts', 'export const committed = 1;\n');
  repository.git('commit', '--quiet', '--all', '--message=second');
  expect(await bench.ok(['code', 'symbols', 'committed'])).toMatchObject([{ at: 'src/a.ts:1' }]);
  expect(await bench.ok(['scan', '--remove-hook'])).toMatchObject({ message: 'removed' });
});

test('a terminal gets sentences and tables', async () => {
  await using bench = await repositoryBench();
  const plain = { NO_COLOR: '1' };
  expect(await bench.onTerminal(['scan'], plain)).toContain('2 files in the index');
  expect(await bench.onTerminal(['code', 'symbols', 'openStore'], plain)).toContain('src/a.ts:2');
  expect(await bench.onTerminal(['code', 'summary'], plain)).toContain('most imported');
});

/** A project in a git repository: `src/b.ts` imports `src/a.ts`. */
async function repositoryBench(): Promise<Workbench> {
  const bench = await Workbench.withProject();
  const repository: Repository = openRepository(bench.project);
  repository.git('init', '--quiet', '--initial-branch=main');
  bench.write(
    'src/a.ts',
    '/** Opens the store. */\nexport function openStore(): number {\n  return 1;\n}\n',
  );
  bench.write(
    'src/b.ts',
    "import { openStore as open } from './a.ts';\nconst a = open();\nconst b = a;\n",
  );
  repository.git('add', '--all');
  repository.git('commit', '--quiet', '--message=first');
  return bench;
}

function databaseOf(bench: Workbench): string {
  return join(bench.project, '.codepakt/data.db');
}
