import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

/** What it says first; there is no cpk for it to torture, so it ends soon after. */
function firstLine(...argv: string[]): string | undefined {
  const args = ['-C', '@codepakt/source', MAIN, ...argv, '--seed', '7', '--cpk', '/nowhere/cpk.js'];
  return spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout.split('\n')[0];
}

test('a storm that is named is the whole one; with all the others it is a small one', () => {
  expect(firstLine('storm')).toBe('torture storm --full --seed 7 …');
  expect(firstLine()).toBe('torture storm --seed 7 …');
});
