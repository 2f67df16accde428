import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const script = new URL('./cpk', import.meta.url);

test('the cpk of a checkout keeps to its own data and port, whatever is set for yours', () => {
  const yours = { CPK_DATA_DIR: '/yours', CPK_PORT: '5000', CPK_URL: 'http://127.0.0.1:5000' };
  const { root, settings } = checkout();
  expect(settings(yours)).toEqual({ CPK_DATA_DIR: join(root, '.dev'), CPK_PORT: '41921' });
  expect(settings({ ...yours, CPK_DEV_PORT: '5001' })).toMatchObject({ CPK_PORT: '5001' });
});

/** A checkout whose program prints what it was told. */
function checkout() {
  const root = mkdtempSync(join(tmpdir(), 'codepakt-test-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const folder of ['scripts', 'node_modules/.bin', 'packages/codepakt/dist']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  copyFileSync(script, join(root, 'scripts/cpk'));
  symlinkSync(process.execPath, join(root, 'node_modules/.bin/node'));
  writeFileSync(
    join(root, 'packages/codepakt/dist/cpk.js'),
    'const { CPK_DATA_DIR, CPK_PORT, CPK_URL } = process.env;' +
      'console.log(JSON.stringify({ CPK_DATA_DIR, CPK_PORT, CPK_URL }));',
  );
  const { PATH } = process.env;
  const settings = (env: NodeJS.ProcessEnv): unknown =>
    JSON.parse(
      execFileSync(join(root, 'scripts/cpk'), { env: { PATH, ...env }, encoding: 'utf8' }),
    );
  return { root, settings };
}
