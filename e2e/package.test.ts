import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';

const folder = inject('codepakt');
const cpk = join(folder, 'dist/cpk.js');
const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

test('the packed package says its version', () => {
  const { stdout, status } = spawnSync(cpk, ['--version'], { encoding: 'utf8' });
  expect(stdout.trim()).toBe(manifest.version);
  expect(status).toBe(0);
});

test('on an old Node it says what is needed and how to get it, and runs nothing', () => {
  const old = `data:text/javascript,${encodeURIComponent(
    "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '22.13.1' } })",
  )}`;
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', old, cpk, 'task', 'pickup'],
    { encoding: 'utf8' },
  );
  expect(stderr).toContain('cpk needs Node 22.14 or newer; this is 22.13.1.');
  expect(stderr).toContain('npx -p node@24 -p codepakt cpk task pickup');
  expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
});

test('the entry has no static import, so that the check of the Node version comes first', () => {
  expect(readFileSync(cpk, 'utf8')).not.toMatch(/^\s*import\b(?!\()|;import\b(?!\()/m);
});

test('it holds what it runs with, and nothing of the workspace', () => {
  expect(manifest.dependencies).toEqual({
    'better-sqlite3': expect.stringMatching(/^\d+\.\d+\.\d+$/),
  });
  const files = globSync('**/*', { cwd: folder });
  expect(files).toContain('LICENSE');
  expect(files.filter((file) => /(^|\/)\.inputs$|\.test\.|\.ts$/.test(file))).toEqual([]);
});
