import { spawnSync } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
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

test.each(['task pickup', 'doctor'])(
  'on an old Node `cpk %s` says what is needed and how to get it, and runs nothing',
  (command) => {
    const old = `data:text/javascript,${encodeURIComponent(
      "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '22.13.1' } })",
    )}`;
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ['--import', old, cpk, ...command.split(' ')],
      { encoding: 'utf8' },
    );
    expect(stderr).toContain('cpk needs Node 22.14 or newer; this is 22.13.1.');
    expect(stderr).toContain(`npx -p node@24 -p codepakt cpk ${command}`);
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
  },
);

// Where the machine itself has such a Node (as one with Debian's does); the matrix always brings one.
test.each(oldNodes())('the old Node at %s is told the same', (node) => {
  const home = mkdtempSync(join(tmpdir(), 'codepakt-test-'));
  const env = { ...process.env, HOME: home, CPK_DATA_DIR: join(home, 'data') };
  const { stdout, stderr, status } = spawnSync(node, [cpk, 'init'], {
    cwd: home,
    encoding: 'utf8',
    env,
  });
  expect(stderr).toContain('cpk needs Node 22.14 or newer');
  expect({ stdout, status, made: readdirSync(home) }).toEqual({ stdout: '', status: 1, made: [] });
  rmSync(home, { recursive: true });
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
  expect(files).toContain('README.md');
  expect(files.filter((file) => /(^|\/)\.inputs$|\.test\.|\.ts$|\.node$/.test(file))).toEqual([]);
});

test('it tells agents of the board, and finds nothing wrong with what it made', () => {
  const project = mkdtempSync(join(tmpdir(), 'codepakt-agents-'));
  const env = { ...process.env, CPK_DATA_DIR: join(project, 'data'), CPK_PORT: '1' };
  const run = (...args: string[]) =>
    spawnSync(cpk, args, { cwd: project, env, encoding: 'utf8' }).stdout;
  try {
    run('init');
    expect(readFileSync(join(project, 'AGENTS.md'), 'utf8')).toContain('`cpk task pickup`');
    expect(readFileSync(join(project, 'GEMINI.md'), 'utf8')).toContain('\n@./AGENTS.md\n');
    expect(JSON.parse(run('generate'))).toEqual({ written: [] });
    const findings = JSON.parse(run('doctor')) as { check: string; level: string }[];
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(findings.map(({ check }) => check)).toContain('database');
    const made = globSync('data/{,*/}', { cwd: project });
    expect(made.length).toBeGreaterThan(1);
    for (const folder of made) expect(statSync(join(project, folder)).mode & 0o777).toBe(0o700);
  } finally {
    rmSync(project, { recursive: true });
  }
});

test('it names everybody whose work is inside, with their licences', () => {
  const text = readFileSync(join(folder, 'dist/THIRD-PARTY.md'), 'utf8');
  const named = [...text.matchAll(/^## (\S+)(?: - [^\s:]+)?(?:: \S+)? \(([^)]+)\)$/gm)];
  const licences = Object.fromEntries(named.map(([, name, licence]) => [name, licence]));
  expect(licences).toMatchObject({
    fastify: 'MIT',
    kysely: 'MIT',
    react: 'MIT',
    typebox: 'MIT',
    yargs: 'MIT',
    'web-tree-sitter': 'MIT',
    'tree-sitter-go': 'MIT',
    'tree-sitter-typescript': 'MIT',
    Inter: 'OFL-1.1',
  });
  expect(text).not.toMatch(/^## .*(?:undefined|null)/m);
});

function oldNodes(): string[] {
  const found = (process.env.PATH ?? '').split(':').map((place) => join(place, 'node'));
  return found.filter((node, at) => {
    if (found.indexOf(node) !== at || !existsSync(node)) return false;
    const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
    return Number(/^v(\d+)/.exec(stdout)?.[1] ?? 99) < 22;
  });
}
