import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { Workbench } from './testing/workbench.ts';

vi.setConfig({ testTimeout: 60_000 });

/** Prints the modules of Node's own that were loaded, at the end and beside the results. */
const LIST_BUILTINS =
  "process.on('exit', () => process.stderr.write(JSON.stringify(process.moduleLoadList)))";

/** What only other commands need, or only the daemon. */
const HEAVY =
  /typebox|kysely|better-sqlite3|fastify|yargs|picocolors|string-width|packages\/(core|scanner)\/|apps\/server\/|\/human\//;
const HEAVY_BUILTINS = [
  'http',
  'https',
  'crypto',
  'child_process',
  'worker_threads',
  'tls',
  'readline',
];

test.each([
  [['task', 'pickup', '--agent', 'ada']],
  [['task', 'note', 'T-001', 'half way', '--agent', 'ada']],
  [['task', 'list']],
])('cpk %j loads nothing that it does not need', async (args) => {
  await using bench = await Workbench.withProject();
  await bench.ok(['task', 'add', 'x']);
  await bench.ok(['task', 'pickup', '--agent', 'ada']);
  await bench.ok(['task', 'add', 'y']);
  const coverage = join(bench.folder, 'coverage');
  mkdirSync(coverage);
  // The list of scripts that V8 knows is the list of files that were loaded.
  const list = bench.write('list.mjs', LIST_BUILTINS);
  const env = { NODE_V8_COVERAGE: coverage, NODE_OPTIONS: `--import ${list}` };
  const ran = await bench.cpk(args, { env });
  expect(ran.code).toBe(0);
  const [report = ''] = readdirSync(coverage);
  const { result } = JSON.parse(readFileSync(join(coverage, report), 'utf8')) as {
    result: { url: string }[];
  };
  const files = result.map(({ url }) => url).filter((url) => url.startsWith('file:'));
  expect(files.filter((url) => url.includes('/apps/cli/src/'))).not.toEqual([]);
  expect(files.filter((url) => HEAVY.test(url))).toEqual([]);
  const builtins = new Set(ran.error as string[]);
  expect(builtins.has('NativeModule net')).toBe(true);
  expect(HEAVY_BUILTINS.filter((name) => builtins.has(`NativeModule ${name}`))).toEqual([]);
});
