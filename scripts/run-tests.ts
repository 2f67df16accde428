// The last step of `npm test`: every test, then one line with the counts.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countTests } from './count-tests.ts';

// A folder of this run's own: no result of an earlier run can be taken for this one's.
const folder = mkdtempSync(join(tmpdir(), 'codepakt-tests-'));
const report = join(folder, 'report.json');

const given = process.argv.slice(2);

console.log('Tests: vitest runs every project of vitest.workspace.ts');
const { status } = spawnSync(
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...given],
  { stdio: 'inherit', env: { ...process.env, CODEPAKT_TEST_ALL: given.length === 0 ? '1' : '' } },
);
const { passed, failed, reason } = countTests(report, status);
rmSync(folder, { recursive: true });

if (reason) console.error(reason);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = status || (failed > 0 ? 1 : 0);
