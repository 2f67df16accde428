import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { CodepaktError } from '@codepakt/contract/light';
import { runGit } from './git.ts';
import { languageOf } from './languages.ts';
import { folderOf } from './project-path.ts';
import { isTame } from './tame-pattern.ts';

/** A file of a known language, as it lies on disk. */
export interface CollectedFile {
  path: string;
  /** Bytes. */
  size: number;
  /** Microseconds since 1970. */
  mtime: number;
}

export interface Listing {
  /** Sorted by path. */
  files: CollectedFile[];
  /** Every path that is part of the project, of whatever kind, links among them. */
  paths: Set<string>;
  /** Where symbolic links lead that stay in the project. */
  links: Map<string, string>;
}

/**
 * Every file below `root` that is part of the project: what git tracks or would track, or without
 * git all that `.gitignore` files leave, in both cases less what `.codepaktignore` files exclude.
 */
export async function collectFiles(root: string): Promise<Listing> {
  const entries = (await listByGit(root)) ?? (await listByWalking(root));
  const isExcluded = await codepaktIgnore(
    root,
    entries.map(({ path }) => path),
  );
  const listing: Listing = { files: [], paths: new Set(), links: new Map() };
  for (const { path, isTracked } of entries) {
    if (isExcluded(path) || IGNORED_ALWAYS.test(path)) continue;
    if (!isTracked && IGNORED_UNTRACKED.test(path)) continue;
    addPath(root, path, listing);
  }
  listing.files.sort((a, b) => (a.path < b.path ? -1 : 1));
  return listing;
}

interface Entry {
  path: string;
  isTracked: boolean;
}

/** Not even what is tracked of these is indexed. */
export const IGNORED_ALWAYS = /(?:^|\/)(?:node_modules|\.git|\.codepakt)\//;

/** Dependencies, build output and caches that nobody wrote into `.gitignore`. */
const IGNORED_UNTRACKED =
  /(?:^|\/)(?:bower_components|jspm_packages|vendor|dist|build|out|target|coverage|\.next|\.nuxt|\.output|\.svelte-kit|\.astro|\.angular|\.vercel|\.netlify|\.turbo|\.nx|\.cache|\.parcel-cache|\.rollup\.cache|\.vite|\.yarn|\.pnpm-store|\.venv|venv|site-packages|__pycache__|__pypackages__|\.tox|\.nox|\.mypy_cache|\.pytest_cache|\.ruff_cache|\.eggs|[^/]*\.egg-info|\.gradle|\.terraform|\.idea|\.vs)\//;

/** Null where git can't tell, because it is not there or this is no checkout. */
async function listByGit(root: string): Promise<Entry[] | null> {
  const output = await runGit(root, [
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
    '--stage',
  ]);
  if (output === null || (output === '' && (await isIgnoredFolder(root)))) return null;
  const entries = new Map<string, Entry>();
  const isNested = nestedCheckouts(root);
  for (const line of output.split('\0')) {
    const staged = /^(\d{6}) [0-9a-f]{40,64} \d\t/.exec(line);
    const path = staged ? line.slice(staged[0].length) : line;
    // A folder is a repository or worktree of its own, with or without being a submodule.
    if (path === '' || path.endsWith('/') || staged?.[1] === SUBMODULE) continue;
    if (!staged && isNested(folderOf(path))) continue;
    entries.set(path, { path, isTracked: staged !== null });
  }
  return [...entries.values()];
}

/** A project may lie in a folder that a repository around it ignores: git would list none of it. */
async function isIgnoredFolder(root: string): Promise<boolean> {
  return (await runGit(root, ['check-ignore', root])) !== null;
}

/** Whether a folder is in a checkout of its own, such as a worktree whose repository has moved. */
function nestedCheckouts(root: string): (folder: string) => boolean {
  const known = new Map<string, boolean>([['', false]]);
  return function isNested(folder: string): boolean {
    let answer = known.get(folder);
    if (answer === undefined) {
      answer = existsSync(join(root, folder, '.git')) || isNested(folderOf(folder));
      known.set(folder, answer);
    }
    return answer;
  };
}

const SUBMODULE = '160000';

async function listByWalking(root: string): Promise<Entry[]> {
  const { globby } = await import('globby');
  const options = {
    cwd: root,
    dot: true,
    followSymbolicLinks: false,
    suppressErrors: true,
    expandDirectories: false,
  };
  const nested = await globby(['*/**/.git'], {
    ...options,
    onlyFiles: false,
    ignore: ['**/node_modules'],
  });
  const rules = await globby(['**/.gitignore'], { ...options, ignore: ['**/node_modules'] });
  for (const path of rules) requireTame(root, path);
  const paths = await globby(['**'], {
    ...options,
    // Links are no files to it; what each path is will be looked at anyway.
    onlyFiles: false,
    ignoreFiles: ['**/.gitignore'],
    ignore: ['**/node_modules', '.git', ...nested.map((path) => path.slice(0, -'/.git'.length))],
  });
  return paths.map((path) => ({ path, isTracked: false }));
}

/** Far above any list of what to leave out. */
const MOST_BYTES = 1024 * 1024;

export const IGNORE_FILE = /(?:^|\/)\.codepaktignore$/;

/** Whether `.codepaktignore` files, which read like `.gitignore`, take a path out. */
export async function codepaktIgnore(
  root: string,
  paths: string[],
): Promise<(path: string) => boolean> {
  const ignoreFiles = paths.filter((path) => IGNORE_FILE.test(path));
  if (ignoreFiles.length === 0) return () => false;
  for (const path of ignoreFiles) requireTame(root, path);
  const { convertPathToPattern, isIgnoredByIgnoreFiles } = await import('globby');
  return isIgnoredByIgnoreFiles(ignoreFiles.map(convertPathToPattern), { cwd: root });
}

/**
 * What is read here becomes regular expressions.
 * @throws CodepaktError `invalid_input`
 */
function requireTame(root: string, path: string): void {
  const file = join(root, path);
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return;
  if (!stats.isFile() || stats.size > MOST_BYTES) {
    throw new CodepaktError('invalid_input', `${path} is no plain file of at most 1 MiB`, {
      hint: 'Move it away.',
    });
  }
  const lines = readFileSync(file, 'utf8').split(/\r?\n/);
  const wild = lines.findIndex((line) => !line.startsWith('#') && !isTame(line));
  if (wild < 0) return;
  const where = `${path}, line ${wild + 1}`;
  throw new CodepaktError('invalid_input', `${where}: too long, or has too many wildcards`, {
    hint: 'Split it: a pattern may have four wildcards in a name, and four `**`.',
  });
}

function addPath(root: string, path: string, listing: Listing): void {
  // Of thousands of paths, which are plain already: joining them would take as long as looking.
  const stats = lstatSync(`${root}/${path}`, { throwIfNoEntry: false });
  if (stats?.isSymbolicLink()) {
    const target = linkTarget(root, path);
    if (target === null) return;
    listing.links.set(path, target);
  } else if (!stats?.isFile()) {
    return;
  } else if (languageOf(path)) {
    listing.files.push({ path, size: stats.size, mtime: microseconds(stats) });
  }
  listing.paths.add(path);
}

/** The file of the project that a link leads to; null when it leads out, to a folder or nowhere. */
function linkTarget(root: string, path: string): string | null {
  try {
    const target = realpathSync(join(root, path));
    if (!statSync(target).isFile()) return null;
    const inside = relative(realpathSync(root), target);
    return inside.startsWith('..') ? null : inside.split(sep).join('/');
  } catch {
    // It is broken, or a loop.
    return null;
  }
}

/** The time of a file's last change in whole microseconds since 1970. */
export function microseconds(stats: { mtimeMs: number }): number {
  return Math.floor(stats.mtimeMs * 1000);
}
