import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { collectFiles } from './collect-files.ts';
import { temporaryProject, temporaryRepository } from './testing/temporary-project.ts';

async function pathsIn(root: string): Promise<string[]> {
  const { files } = await collectFiles(root);
  return files.map((file) => file.path);
}

const IGNORING = {
  '.gitignore': '*.gen.ts\n/rooted.ts\nlogs/\n!keep.gen.ts\nsub/inner/*.ts\n!sub/inner/kept.ts\n',
  'a.ts': '',
  'a.gen.ts': '',
  'keep.gen.ts': '',
  'rooted.ts': '',
  'sub/rooted.ts': '',
  'logs/x.ts': '',
  'sub/.gitignore': 'local.ts\n!a.gen.ts\n',
  'sub/local.ts': '',
  'sub/a.gen.ts': '',
  'sub/b.gen.ts': '',
  'sub/inner/dropped.ts': '',
  'sub/inner/kept.ts': '',
  'other/local.ts': '',
  'spaces in name.ts': '',
  'ümläut.ts': '',
  'brackets[1].ts': '',
  'README.md': '',
};

test.each([
  ['in a repository', temporaryRepository],
  ['without git', temporaryProject],
])('%s, .gitignore files hold as git has them', async (_, create) => {
  using project = create();
  for (const [path, text] of Object.entries(IGNORING)) project.write(path, text);
  const expected = [
    'a.ts',
    'brackets[1].ts',
    'keep.gen.ts',
    'other/local.ts',
    'spaces in name.ts',
    'sub/a.gen.ts',
    'sub/inner/kept.ts',
    'sub/rooted.ts',
    'ümläut.ts',
  ];
  expect(await pathsIn(project.root)).toEqual(expected);
});

test('what is tracked is part of the project, whatever .gitignore and the built-in list say', async () => {
  using project = temporaryRepository({ 'dist/tracked.js': '', 'a.gen.ts': '', 'vendor/x.go': '' });
  project.write('.gitignore', '*.gen.ts\n');
  project.write('build/new.js', '');
  project.write('node_modules/x/index.js', '');
  project.write('__pycache__/x.py', '');
  project.write('src/new.py', '');
  project.git('add', '--force', 'node_modules/x/index.js');
  expect(await pathsIn(project.root)).toEqual([
    'a.gen.ts',
    'dist/tracked.js',
    'src/new.py',
    'vendor/x.go',
  ]);
});

test.each([
  ['in a repository', temporaryRepository],
  ['without git', temporaryProject],
])('%s, .codepaktignore takes out what is tracked too', async (_, create) => {
  using project = create({
    'a.ts': '',
    'fixtures/a.ts': '',
    'fixtures/keep/b.ts': '',
    'sub/.codepaktignore': '*.py\n',
    'sub/c.py': '',
    'sub/c.ts': '',
    'd.py': '',
    '.codepaktignore': 'fixtures/*\n!fixtures/keep/\n',
  });
  expect(await pathsIn(project.root)).toEqual(['a.ts', 'd.py', 'fixtures/keep/b.ts', 'sub/c.ts']);
});

test('an ignore file whose patterns could be tried in too many ways is named, not used', async () => {
  const rules = `*.log\n${'*a'.repeat(20)}b\n`;
  const name = `${'a'.repeat(200)}.ts`;
  using repository = temporaryRepository({ [name]: '', '.codepaktignore': rules });
  await expect(pathsIn(repository.root)).rejects.toThrow('.codepaktignore, line 2');
  using project = temporaryProject({ [name]: '', 'sub/.gitignore': rules });
  await expect(pathsIn(project.root)).rejects.toThrow('sub/.gitignore, line 2');
});

test('an ignore file that is a link to a device is not read', async () => {
  using project = temporaryProject({ 'a.ts': '' });
  symlinkSync('/dev/null', join(project.root, '.codepaktignore'));
  await expect(pathsIn(project.root)).rejects.toThrow('no plain file');
});

test('no program is run that the config of a repository names', async () => {
  using project = temporaryRepository({ 'a.ts': '' });
  const marker = join(project.root, 'ran');
  project.write('.git/monitor', `#!/bin/sh\ntouch '${marker}'\n`);
  chmodSync(join(project.root, '.git/monitor'), 0o755);
  project.git('config', 'core.fsmonitor', join(project.root, '.git/monitor'));
  expect(await pathsIn(project.root)).toEqual(['a.ts']);
  expect(existsSync(marker)).toBe(false);
});

test('.git/info/exclude holds', async () => {
  using project = temporaryRepository({ 'a.ts': '' });
  project.write('.git/info/exclude', 'private.ts\n');
  project.write('private.ts', '');
  expect(await pathsIn(project.root)).toEqual(['a.ts']);
});

test.each([
  ['in a repository', temporaryRepository],
  ['without git', temporaryProject],
])('%s, repositories and worktrees inside are not entered', async (_, create) => {
  using project = create({ 'a.ts': '' });
  project.write('nested/b.ts', '');
  project.write('worktree/.git', 'gitdir: /nowhere/.git/worktrees/x\n');
  project.write('worktree/c.ts', '');
  execFileSync('git', ['init', '--quiet', join(project.root, 'nested')]);
  expect(await pathsIn(project.root)).toEqual(['a.ts']);
});

test('a submodule and a linked worktree of the repository itself are not entered', async () => {
  using other = temporaryRepository({ 'inside.ts': '' });
  using project = temporaryRepository({ 'a.ts': '' });
  project.git(
    '-c',
    'protocol.file.allow=always',
    'submodule',
    '--quiet',
    'add',
    other.root,
    'module',
  );
  project.git('worktree', 'add', '--quiet', 'linked', '-b', 'branch');
  expect(await pathsIn(project.root)).toEqual(['a.ts']);
});

test('a folder of a repository is a project of its own', async () => {
  using project = temporaryRepository({ 'app/a.ts': '', 'app/deep/b.ts': '', 'lib/c.ts': '' });
  expect(await pathsIn(join(project.root, 'app'))).toEqual(['a.ts', 'deep/b.ts']);
});

test('a folder that a repository around it ignores is listed all the same', async () => {
  using project = temporaryRepository({ '.gitignore': 'scratch/\n', 'scratch/a.ts': '' });
  expect(await pathsIn(join(project.root, 'scratch'))).toEqual(['a.ts']);
});

test.each([
  ['in a repository', temporaryRepository],
  ['without git', temporaryProject],
])('%s, links are not followed, but known', async (_, create) => {
  using project = create({ 'real/a.ts': '', 'real/tsconfig.json': '{}' });
  using outside = temporaryProject({ 'secret.ts': '' });
  symlinkSync('real/a.ts', join(project.root, 'link.ts'));
  symlinkSync('real/tsconfig.json', join(project.root, 'tsconfig.json'));
  symlinkSync('real', join(project.root, 'folder'));
  symlinkSync('loop.ts', join(project.root, 'loop.ts'));
  symlinkSync('..', join(project.root, 'real/up'));
  symlinkSync(join(outside.root, 'secret.ts'), join(project.root, 'secret.ts'));
  symlinkSync('gone.ts', join(project.root, 'broken.ts'));
  const { files, links, paths } = await collectFiles(project.root);
  expect(files.map((file) => file.path)).toEqual(['real/a.ts']);
  expect(links).toEqual(
    new Map([
      ['link.ts', 'real/a.ts'],
      ['tsconfig.json', 'real/tsconfig.json'],
    ]),
  );
  expect([...paths].sort()).toEqual([
    'link.ts',
    'real/a.ts',
    'real/tsconfig.json',
    'tsconfig.json',
  ]);
});

test('a folder with the name of a source file is a folder', async () => {
  using project = temporaryRepository({ 'x.ts/y.ts': '' });
  mkdirSync(join(project.root, 'empty.ts'));
  expect(await pathsIn(project.root)).toEqual(['x.ts/y.ts']);
});

test('a file that is tracked but gone is not listed, one in conflict is listed once', async () => {
  using project = temporaryRepository({ 'a.ts': 'let a;\n', 'gone.ts': '' });
  project.git('checkout', '--quiet', '-b', 'other');
  project.write('a.ts', 'let other;\n');
  project.git('commit', '--quiet', '--all', '--message=other');
  project.git('checkout', '--quiet', 'main');
  project.write('a.ts', 'let main;\n');
  project.git('commit', '--quiet', '--all', '--message=main');
  expect(() => project.git('merge', '--quiet', 'other')).toThrow();
  project.remove('gone.ts');
  expect(await pathsIn(project.root)).toEqual(['a.ts']);
});
