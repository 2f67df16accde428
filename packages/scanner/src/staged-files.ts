import { execFileSync } from 'node:child_process';
import { lstatSync } from 'node:fs';
import { resolve } from 'node:path';
import { CodepaktError } from '@codepakt/contract/light';
import { codepaktIgnore, IGNORED_ALWAYS } from './collect-files.ts';
import { readBlobs, runGit } from './git.ts';
import {
  blobOf,
  diffIndex,
  idOf,
  listIndex,
  modifiedFiles,
  type StagedChange,
  UNMERGED,
} from './git-index.ts';
import { folderOf, joinPath } from './project-path.ts';
import { type TreeSource, workTree } from './project-tree.ts';

export interface StagedTree {
  /** Every regular file's blob by its path. */
  files: Map<string, string>;
  /** The paths whose files in the work tree are not as they are staged. */
  modified: ReadonlySet<string>;
  /** The whole project as the next commit has it. */
  tree: TreeSource;
}

export interface Staged extends StagedTree {
  /** What the next commit adds, changes or deletes, by path. */
  changes: Map<string, StagedChange>;
  /** What `changes` go on from; undefined when git's index was written meanwhile, or has conflicts. */
  commit: string | undefined;
}

/**
 * What git has staged below `root`, which may be a folder of the repository.
 * @throws `wrong_usage` where there is no git repository
 */
export async function stagedFiles(root: string): Promise<Staged> {
  const state = await readState(root);
  const [changes, staged] = await Promise.all([
    state === undefined
      ? emptyTree(root).then((tree) => diffIndex(root, tree))
      : diffIndex(root, state.commit),
    stagedTree(root),
  ]);
  if (changes === null) throw noRepository(root);
  const isSteady = state !== undefined && state.index === stateOf(state.file);
  const isMerged = [...changes.values()].every(({ to }) => to !== UNMERGED);
  return { ...staged, changes, commit: isSteady && isMerged ? state.commit : undefined };
}

/**
 * All that git's index holds below `root`.
 * @throws `wrong_usage` where there is no git repository
 */
export async function stagedTree(root: string): Promise<StagedTree> {
  const [entries, modified] = await Promise.all([listIndex(root), modifiedFiles(root)]);
  if (entries === null || modified === null) throw noRepository(root);
  const isExcluded = await codepaktIgnore(root, [...entries.keys()]);
  for (const [path, entry] of entries) {
    const isFile = blobOf(entry) !== undefined || isLink(entry);
    if (!isFile || isExcluded(path) || IGNORED_ALWAYS.test(path)) entries.delete(path);
  }
  const links = await readLinks(root, entries);
  const files = new Map<string, string>();
  for (const [path, entry] of entries) {
    const blob = blobOf(entry);
    if (blob !== undefined) files.set(path, blob);
  }
  return { files, modified, tree: treeOf(root, { entries, links, modified }) };
}

function noRepository(root: string): CodepaktError {
  return new CodepaktError('wrong_usage', `${root} is not in a git repository.`, {
    hint: 'Run cpk scan without --incremental.',
  });
}

interface State {
  commit: string;
  /** The file with git's index, and what tells it from any other that takes its place. */
  file: string;
  index: string;
}

/** Undefined before the first commit. */
async function readState(root: string): Promise<State | undefined> {
  const output = await runGit(root, ['rev-parse', '--git-path', 'index', 'HEAD']);
  const [path = '', commit = ''] = output?.split('\n') ?? [];
  if (commit === '') return undefined;
  const file = resolve(root, path);
  return { commit, file, index: stateOf(file) };
}

function stateOf(file: string): string {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  return stats ? `${stats.ino} ${stats.size} ${stats.mtimeMs} ${stats.ctimeMs}` : '';
}

/** Its id depends on the repository's hash function. */
async function emptyTree(root: string): Promise<string> {
  return (await runGit(root, ['hash-object', '-t', 'tree', '--stdin']))?.trim() ?? '';
}

function isLink(entry: string): boolean {
  return entry.startsWith('120000 ');
}

/** Symbolic links that lead to another file of the project; the rest is no part of it. */
async function readLinks(root: string, entries: Map<string, string>): Promise<Map<string, string>> {
  const links = new Map<string, string>();
  const written = [...entries].filter(([, entry]) => isLink(entry));
  const blobs = await readBlobs(
    root,
    written.map(([, entry]) => idOf(entry)),
  );
  for (const [path, entry] of written) {
    const target = joinPath(folderOf(path), blobs.get(idOf(entry))?.toString('utf8') ?? '');
    if (target !== null && blobOf(entries.get(target) ?? '') !== undefined) links.set(path, target);
    else entries.delete(path);
  }
  return links;
}

function treeOf(
  root: string,
  {
    entries,
    links,
    modified,
  }: {
    entries: Map<string, string>;
    links: Map<string, string>;
    modified: ReadonlySet<string>;
  },
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
      const args = ['cat-file', 'blob', idOf(entry)];
      return execFileSync('git', args, { cwd: root, encoding: 'utf8' });
    },
  };
}
