import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

test('it tells agents of the board, and finds nothing wrong with what it made', () => {
  const project = mkdtempSync(join(tmpdir(), 'codepakt-agents-'));
  const env = { ...process.env, CPK_DATA_DIR: join(project, 'data'), CPK_PORT: '1' };
  const run = (...args: string[]) =>
    spawnSync(cpk, args, { cwd: project, env, encoding: 'utf8' }).stdout;
  try {
    run('init');
    expect(readFileSync(join(project, 'AGENTS.md'), 'utf8')).toContain('`cpk task pickup`');
    expect(readFileSync(join(project, 'CLAUDE.md'), 'utf8')).toContain('\n@AGENTS.md\n');
    expect(JSON.parse(run('generate'))).toEqual({ written: [] });
    const findings = JSON.parse(run('doctor')) as { check: string; level: string }[];
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(findings.map(({ check }) => check)).toContain('database');
  } finally {
    rmSync(project, { recursive: true });
  }
});
