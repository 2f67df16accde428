import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { countTests } from './count-tests.ts';

const modules = fileURLToPath(new URL('../node_modules', import.meta.url));
const good = "import { test } from 'vitest'; test('a', () => {}); test('b', () => {});";
const failing = "import { test } from 'vitest'; test('c', () => { throw new Error('no') });";
const unloadable = "import './not-there.ts';";
const rejecting =
  "import { test } from 'vitest'; test('d', () => { Promise.reject(new Error('late')) });";

test('passed and failed tests are counted, and a file that cannot be loaded is a failure', () => {
  expect(run({ good, failing, unloadable })).toEqual({ passed: 2, failed: 2, status: 1 });
});

test('when all is well nothing failed', () => {
  expect(run({ good })).toEqual({ passed: 2, failed: 0, status: 0 });
});

test('an error outside of every test is a failure', () => {
  const counts = run({ good, rejecting });
  expect(counts).toMatchObject({ passed: 3, failed: 1, status: 1 });
  expect(counts.reason).toContain('outside of the tests');
});

test('a run without tests is a failure', () => {
  expect(run({})).toMatchObject({ passed: 0, failed: 1 });
});

test('a run that leaves no report is a failure, with the reason', () => {
  const counts = countTests(join(tmpdir(), 'codepakt-no-such-report.json'), null);
  expect(counts).toMatchObject({ passed: 0, failed: 1 });
  expect(counts.reason).toContain('no such file');
});

/** Runs vitest itself over these test files, and counts what it reports. */
function run(
  files: Record<string, string>,
): ReturnType<typeof countTests> & { status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), 'codepakt-count-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  symlinkSync(modules, join(folder, 'node_modules'));
  mkdirSync(join(folder, 'tests'));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, 'tests', `${name}.test.ts`), text);
  }
  const report = join(folder, 'report.json');
  const { status } = spawnSync(
    process.execPath,
    [join(modules, 'vitest/vitest.mjs'), 'run', '--reporter=json', `--outputFile.json=${report}`],
    { cwd: folder, stdio: 'ignore' },
  );
  return { ...countTests(report, status), status };
}
