import { execFileSync } from 'node:child_process';
import { CodepaktError } from '@codepakt/contract';
import { codepaktIgnore, IGNORED_ALWAYS } from './collect-files.ts';
import { readBlobs, runGit, withoutFilters } from './git.ts';
import { joinPath } from './project-path.ts';
import { type TreeSource, workTree } from './project-tree.ts';

/** One file as the next commit has it. */
export interface StagedFile {
  /** The id of its content. */
  blob: string;
  /** Whether the work tree has the same content. */
  isOnDisk: boolean;
}

export interface Staged {
  /** The paths that the next commit adds, changes or deletes. */
  changed: Set<string>;
  /** Every regular file by its path. */
  files: Map<string, StagedFile>;
  /** The whole project as the next commit has it. */
  tree: TreeSource;
}

/**
 * What git has staged below `root`, which may be a folder of the repository.
 * @throws `wrong_usage` where there is no git repository
 */
export async function stagedFiles(root: string): Promise<Staged> {
  const [diff, index, unstaged] = await Promise.all([
    readDiff(root),
    runGit(root, ['ls-files', '-z', '--stage']),
    withoutFilters(root).then((env) =>
      runGit(root, ['diff-files', '-z', '--name-only', '--relative'], env),
    ),
  ]);
  if (diff === null || index === null || unstaged === null) {
    throw new CodepaktError('wrong_usage', `${root} is not in a git repository.`, {
      hint: 'Run cpk scan without --incremental.',
    });
  }
  const entries = readIndex(index);
  const isExcluded = await codepaktIgnore(root, [...entries.keys()]);
  for (const path of entries.keys()) {
    if (isExcluded(path) || IGNORED_ALWAYS.test(path)) entries.delete(path);
  }
  const modified = new Set(unstaged.split('\0'));
  const links = await readLinks(root, entries);
  const files = new Map<string, StagedFile>();
  for (const [path, { mode, blob }] of entries) {
    if (mode.startsWith('100')) files.set(path, { blob, isOnDisk: !modified.has(path) });
  }
  return { changed: new Set(diff), files, tree: stagedTree(root, { entries, links, modified }) };
}

interface IndexEntry {
  mode: string;
  blob: string;
}

/** The paths in which the last commit, if there is one, and the index differ. */
async function readDiff(root: string): Promise<string[] | null> {
  const args = ['diff-index', '--cached', '--name-only', '-z', '--no-renames', '--relative'];
  const output =
    (await runGit(root, [...args, 'HEAD'])) ??
    (await runGit(root, [...args, await emptyTree(root)]));
  return output === null ? null : output.split('\0').filter(Boolean);
}

/** Its id depends on the repository's hash function. */
async function emptyTree(root: string): Promise<string> {
  return (await runGit(root, ['hash-object', '-t', 'tree', '--stdin']))?.trim() ?? '';
}

function readIndex(output: string): Map<string, IndexEntry> {
  const entries = new Map<string, IndexEntry>();
  for (const line of output.split('\0')) {
    const [, mode = '', blob = '', path = ''] =
      /^(\d{6}) ([0-9a-f]+) \d\t([\s\S]+)$/.exec(line) ?? [];
    if (mode.startsWith('1') && mode !== '160000') entries.set(path, { mode, blob });
  }
  return entries;
}

/** Symbolic links that lead to another file of the project; the rest is no part of it. */
async function readLinks(
  root: string,
  entries: Map<string, IndexEntry>,
): Promise<Map<string, string>> {
  const links = new Map<string, string>();
  const written = [...entries].filter(([, entry]) => entry.mode === '120000');
  const blobs = await readBlobs(
    root,
    written.map(([, entry]) => entry.blob),
  );
  for (const [path, { blob }] of written) {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
    const target = joinPath(folder, blobs.get(blob)?.toString('utf8') ?? '');
    if (target !== null && entries.get(target)?.mode.startsWith('100')) links.set(path, target);
    else entries.delete(path);
  }
  return links;
}

function stagedTree(
  root: string,
  {
    entries,
    links,
    modified,
  }: { entries: Map<string, IndexEntry>; links: Map<string, string>; modified: Set<string> },
): TreeSource {
  const paths = new Set(entries.keys());
  const onDisk = workTree(root, { paths, links });
  return {
    paths,
    links,
    readText(path) {
      const target = links.get(path) ?? path;
      const entry = entries.get(target);
      if (!entry) return null;
      if (!modified.has(target)) return onDisk.readText(target);
      // Few configurations are changed and not staged, so that one process for each will do.
      return execFileSync('git', ['cat-file', 'blob', entry.blob], { cwd: root, encoding: 'utf8' });
    },
  };
}
