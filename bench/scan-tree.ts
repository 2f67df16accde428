import { execFileSync } from 'node:child_process';
import { copyFileSync, lstatSync, mkdirSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Site } from './site.ts';

/** The trees to measure, from `CPK_BENCH_TREES` (folders, divided as PATH is); else this repository. */
export function givenTrees(): string[] {
  const given = process.env.CPK_BENCH_TREES?.split(delimiter).filter((path) => path !== '') ?? [];
  return given.length > 0 ? given : [fileURLToPath(new URL('..', import.meta.url))];
}

/** Copies the files that git tracks into a project of its own and commits them: the tree is left alone. */
export function copyTree(site: Site, tree: string): string {
  const { root } = site.addProject(basename(tree));
  for (const path of git(tree, 'ls-files', '-z').split('\0')) {
    // What is deleted and not yet committed, submodules and links are left out.
    const stats = path === '' ? undefined : lstatSync(join(tree, path), { throwIfNoEntry: false });
    if (stats?.isFile() !== true || path.startsWith('.codepakt/')) continue;
    mkdirSync(dirname(join(root, path)), { recursive: true });
    copyFileSync(join(tree, path), join(root, path));
  }
  git(root, 'init', '--quiet');
  git(root, 'add', '--all');
  const as = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com'];
  git(root, ...as, 'commit', '--quiet', '--no-verify', '--message=tree');
  return root;
}

export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 28 });
}
