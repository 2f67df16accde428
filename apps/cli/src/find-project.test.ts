import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findProject } from './find-project.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'cpk-find-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function makeProject(path: string, config: object = { project_id: path }): string {
  const root = join(folder, path);
  mkdirSync(join(root, '.codepakt'), { recursive: true });
  writeFileSync(join(root, '.codepakt', 'config.json'), JSON.stringify(config));
  return root;
}

function makeFolder(path: string): string {
  mkdirSync(join(folder, path), { recursive: true });
  return join(folder, path);
}

function git(cwd: string, ...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
    cwd,
    stdio: 'ignore',
  });
}

const find = (start: string) => findProject(start, join(folder, 'data'));

test('the nearest project upwards is found', () => {
  const outer = makeProject('outer');
  const inner = makeProject('outer/packages/inner');
  expect(find(makeFolder('outer/packages/inner/src'))).toMatchObject({ root: inner, files: inner });
  expect(find(makeFolder('outer/docs'))).toMatchObject({ root: outer, id: 'outer' });
  expect(find(makeFolder('elsewhere'))).toBeUndefined();
});

test('the data directory is no project, though its name is that of one', () => {
  const data_dir = join(folder, 'home', '.codepakt');
  makeProject('home', { project_id: 'stray' });
  expect(findProject(makeFolder('home/work'), data_dir)).toBeUndefined();
});

test('a folder with generated files alone is no project; with a database of old it is', () => {
  const root = makeProject('old', {});
  expect(find(root)).toBeUndefined();
  writeFileSync(join(root, '.codepakt', 'data.db'), '');
  expect(find(root)).toEqual({ id: undefined, root, files: root, url: undefined });
});

test('in a linked worktree the board is the main checkout’s, and the files are its own', () => {
  const main = makeFolder('repo');
  git(main, 'init', '-q');
  makeProject('repo', { project_id: 'main', url: 'http://127.0.0.1:5000' });
  makeProject('repo/sub', { project_id: 'sub' });
  git(main, 'add', '-f', '.');
  git(main, 'commit', '-q', '-m', 'all');
  git(main, 'worktree', 'add', '-q', '../tree');
  const tree = join(folder, 'tree');
  expect(find(makeFolder('tree/src'))).toEqual({
    id: 'main',
    root: main,
    files: tree,
    url: 'http://127.0.0.1:5000',
  });
  expect(find(join(tree, 'sub'))).toMatchObject({
    root: join(main, 'sub'),
    files: join(tree, 'sub'),
  });
});

test('a submodule has a board of its own, or that of the folder around it', () => {
  const inner = makeFolder('inner');
  git(inner, 'init', '-q');
  writeFileSync(join(inner, 'file'), '');
  git(inner, 'add', '.');
  git(inner, 'commit', '-q', '-m', 'all');
  const outer = makeProject('super');
  git(outer, 'init', '-q');
  git(outer, '-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner, 'sub');
  expect(find(join(outer, 'sub'))).toMatchObject({ root: outer });
  const own = makeProject('super/sub');
  expect(find(own)).toMatchObject({ root: own });
});
