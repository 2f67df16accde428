import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { openRepository, type Repository, temporaryRepository } from '../testing/repository.ts';
import { inspectHook, installHook, removeHook } from './git-hook.ts';

const MODULE = fileURLToPath(new URL('./git-hook.ts', import.meta.url));
const BLOCK = /^# >>> codepakt\n[\s\S]*?^# <<< codepakt\n/m;

describe('the hook', () => {
  test('is a file of its own where there was none, and goes again', () => {
    using repository = temporaryRepository({ 'a.ts': '' });
    const { root } = repository;
    expect(installHook(root)).toEqual({
      hook: '.git/hooks/pre-commit',
      changed: true,
      message: 'installed',
    });
    expect(read(root, '.git/hooks/pre-commit')).toMatch(/^#!\/bin\/sh\n# >>> codepakt\n/);
    expect(statSync(join(root, '.git/hooks/pre-commit')).mode & 0o777).toBe(0o755);
    expect(installHook(root)).toMatchObject({ changed: false });
    expect(removeHook(root)).toMatchObject({ changed: true });
    expect(existsSync(join(root, '.git/hooks/pre-commit'))).toBe(false);
    expect(removeHook(root)).toMatchObject({ changed: false });
  });

  test('is added to one that is there, and just its block is taken out', () => {
    using repository = temporaryRepository({ 'a.ts': '' });
    const before = '#!/usr/bin/env bash\necho checked\n';
    hook(repository, '.git/hooks', before);
    installHook(repository.root);
    expect(read(repository.root, '.git/hooks/pre-commit')).toMatch(
      new RegExp(`^${before.replaceAll('/', '\\/')}# >>>`),
    );
    removeHook(repository.root);
    expect(read(repository.root, '.git/hooks/pre-commit')).toBe(before);
  });

  test('that a link leads out of the repository is not changed by taking the block out either', () => {
    using repository = temporaryRepository({ 'a.ts': '' });
    using other = temporaryRepository({ 'a.ts': '' });
    installHook(other.root);
    const file = join(other.root, '.git/hooks/pre-commit');
    const before = readFileSync(file, 'utf8');
    mkdirSync(join(repository.root, '.git/hooks'), { recursive: true });
    symlinkSync(file, join(repository.root, '.git/hooks/pre-commit'));
    expect(() => removeHook(repository.root)).toThrow('outside of this repository');
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  test('is not read where it is a device, as a cloned repository may hold a link to one', () => {
    using repository = temporaryRepository({ 'a.ts': '' });
    mkdirSync(join(repository.root, '.husky'));
    symlinkSync('/dev/null', join(repository.root, '.husky/pre-commit'));
    expect(() => inspectHook(repository.root)).toThrow('no plain file');
  });

  test('is as it was when the disk has room for a part of it only', () => {
    using repository = temporaryRepository({ 'a.ts': '' });
    const before = `#!/bin/sh\n${'echo checked\n'.repeat(1_000)}`;
    hook(repository, '.git/hooks', before);
    const script = `import { installHook } from ${JSON.stringify(MODULE)};
      try { installHook(${JSON.stringify(repository.root)}) } catch ({ code }) { console.log(code) }`;
    const node = ['--conditions=@codepakt/source', '--input-type=module', '--eval', script];
    const argv = ['-c', 'ulimit -f 8; exec "$0" "$@"', process.execPath, ...node];
    expect(execFileSync('bash', argv, { encoding: 'utf8' })).toBe('disk_full\n');
    expect(read(repository.root, '.git/hooks/pre-commit')).toBe(before);
  });

  test('comes first in a script that ends by itself', () => {
    using repository = temporaryRepository({ 'a.ts': '' });
    const before = '#!/bin/sh\nexec true\n';
    hook(repository, '.git/hooks', before);
    installHook(repository.root);
    expect(read(repository.root, '.git/hooks/pre-commit')).toMatch(/^#!\/bin\/sh\n# >>>/);
    removeHook(repository.root);
    expect(read(repository.root, '.git/hooks/pre-commit')).toBe(before);
  });

  test('is put where core.hooksPath says', () => {
    using repository = temporaryRepository({ 'a.ts': '' });
    repository.git('config', 'core.hooksPath', 'tools/hooks');
    expect(installHook(repository.root)).toMatchObject({ hook: 'tools/hooks/pre-commit' });
    expect(existsSync(join(repository.root, '.git/hooks/pre-commit'))).toBe(false);
  });

  test('is not put outside of the repository, wherever its config or its links lead', () => {
    using repository = temporaryRepository({ 'a.ts': '' });
    using elsewhere = temporaryRepository({ profile: 'echo mine\n' });
    const { root } = repository;
    const outside = expect.objectContaining({ code: 'wrong_usage' });
    repository.git('config', 'core.hooksPath', join(elsewhere.root, 'hooks'));
    expect(() => installHook(root)).toThrow(outside);
    expect(existsSync(join(elsewhere.root, 'hooks'))).toBe(false);
    repository.git('config', 'core.hooksPath', 'hooks');
    mkdirSync(join(root, 'hooks'));
    symlinkSync(join(elsewhere.root, 'profile'), join(root, 'hooks/pre-commit'));
    expect(() => installHook(root)).toThrow(outside);
    expect(read(elsewhere.root, 'profile')).toBe('echo mine\n');
  });

  test('is put beside the files that husky makes anew, not among them', () => {
    using repository = temporaryRepository({ 'a.ts': '' });
    repository.git('config', 'core.hooksPath', '.husky/_');
    mkdirSync(join(repository.root, '.husky/_'), { recursive: true });
    writeFileSync(join(repository.root, '.husky/_/h'), '');
    writeFileSync(join(repository.root, '.husky/pre-commit'), 'npm test\n');
    expect(installHook(repository.root)).toMatchObject({ hook: '.husky/pre-commit' });
    expect(read(repository.root, '.husky/pre-commit')).toMatch(/^npm test\n# >>> codepakt\n/);
    removeHook(repository.root);
    expect(read(repository.root, '.husky/pre-commit')).toBe('npm test\n');
  });

  test('is the one of all worktrees', () => {
    using repository = temporaryRepository({ 'a.ts': '' });
    const linked = join(repository.root, 'linked');
    repository.git('worktree', 'add', '--quiet', linked);
    installHook(linked);
    expect(read(repository.root, '.git/hooks/pre-commit')).toMatch(BLOCK);
    expect(installHook(repository.root)).toMatchObject({ changed: false });
  });

  test('has a block for each project of a repository', () => {
    using repository = temporaryRepository({ "one's/a.ts": '', 'two/b.ts': '' });
    const [one, two] = [join(repository.root, "one's"), join(repository.root, 'two')];
    installHook(one);
    installHook(two);
    const text = read(repository.root, '.git/hooks/pre-commit');
    expect(text).toContain("--project './one'\\''s'");
    expect(text).toContain("--project './two'");
    removeHook(one);
    expect(read(repository.root, '.git/hooks/pre-commit')).not.toContain('one');
    expect(read(repository.root, '.git/hooks/pre-commit')).toContain("--project './two'");
  });

  test('is not added to what is no shell script, nor outside of git', () => {
    using repository = temporaryRepository({ 'a.ts': '' });
    const before = '#!/usr/bin/env python3\n';
    hook(repository, '.git/hooks', before);
    expect(() => installHook(repository.root)).toThrow(
      expect.objectContaining({ code: 'wrong_usage', hint: expect.stringContaining('cpk scan') }),
    );
    expect(read(repository.root, '.git/hooks/pre-commit')).toBe(before);
    expect(() => installHook('/')).toThrow(expect.objectContaining({ code: 'wrong_usage' }));
  });
});

test('a commit runs it with the project, and goes through whatever comes of it', () => {
  using repository = temporaryRepository({ 'pkg/a.ts': '' });
  installHook(join(repository.root, 'pkg'));
  const bin = join(repository.root, '.git/bin');
  mkdirSync(bin);
  const calls = join(repository.root, '.git/calls');
  writeFileSync(join(bin, 'cpk'), `#!/bin/sh\necho "$PWD $*" >> '${calls}'\nexit 3\n`);
  chmodSync(join(bin, 'cpk'), 0o755);
  const inHook = openRepository(repository.root, { PATH: `${bin}:${process.env.PATH}` });
  repository.write('pkg/a.ts', 'let a;\n');
  inHook.git('commit', '--quiet', '--all', '--message=second');
  expect(readFileSync(calls, 'utf8')).toBe(
    `${repository.root} scan --incremental --project ./pkg\n`,
  );
  expect(inHook.git('log', '--format=%s')).toBe('second\nfirst\n');
});

test('a commit goes through where there is no cpk', () => {
  using repository = temporaryRepository({ 'a.ts': '' });
  installHook(repository.root);
  const git = execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim();
  const bin = join(repository.root, '.git/bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'git'), `#!/bin/sh\nexec ${git} "$@"\n`, { mode: 0o755 });
  const bare = openRepository(repository.root, { PATH: `${bin}:/usr/bin:/bin` });
  repository.write('a.ts', 'let a;\n');
  bare.git('commit', '--quiet', '--all', '--message=second');
  expect(bare.git('log', '-1', '--format=%s')).toBe('second\n');
});

function hook(repository: Repository, folder: string, text: string): void {
  mkdirSync(join(repository.root, folder), { recursive: true });
  writeFileSync(join(repository.root, folder, 'pre-commit'), text, { mode: 0o755 });
}

function read(root: string, path: string): string {
  return readFileSync(join(root, path), 'utf8');
}
