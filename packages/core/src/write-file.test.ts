import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { temporaryFolder } from './testing/temporary-folder.ts';

const MODULE = fileURLToPath(new URL('./write-file.ts', import.meta.url));

/** Runs code that may write no more than 8 KiB to a file: then a disk is full, from inside. */
function onSmallDisk(code: string): string {
  const script = `import { createFile, replaceFile } from ${JSON.stringify(MODULE)}; ${code}`;
  const node = ['--conditions=@codepakt/source', '--input-type=module', '--eval', script];
  const argv = ['-c', 'ulimit -f 8; exec "$0" "$@"', process.execPath, ...node];
  return execFileSync('bash', argv, { encoding: 'utf8' });
}

test('a file for which the disk has half the room is as it was, and leaves nothing beside it', () => {
  using place = temporaryFolder();
  const file = JSON.stringify(place.beside('config.json'));
  const told = onSmallDisk(`
    createFile(${file}, 'before');
    try { replaceFile(${file}, 'x'.repeat(20_000)) } catch ({ code }) { console.log(code) }
  `);
  expect(told).toBe('disk_full\n');
  expect(readFileSync(place.beside('config.json'), 'utf8')).toBe('before');
  expect(readdirSync(place.beside('.')).filter((name) => name.includes('.new-'))).toEqual([]);
});
