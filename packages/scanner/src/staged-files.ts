import { execFileSync } from 'node:child_process';
import { CodepaktError } from '@codepakt/contract';
import { codepaktIgnore, IGNORED_ALWAYS } from './collect-files.ts';
import { readBlobs, runGit } from './git.ts';
import { joinPath } from './project-path.ts';
import { type TreeSource, workTree } from './project-tree.ts';

/** One file that the next commit changes. */
export interface StagedChange {
  path: string;
  /** The id of its new content; null when it is deleted. */
  blob: string | null;
  /** Whether the work tree has the same content. */
  isOnDisk: boolean;
}

export interface Staged {
  changes: StagedChange[];
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
    runGit(root, ['diff-files', '-z', '--name-only', '--relative']),
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
  const changes = diff
    .filter(({ path, blob }) => blob === null || entries.get(path)?.mode.startsWith('100'))
    .map((change) => ({ ...change, isOnDisk: change.blob !== null && !modified.has(change.path) }));
  const links = await readLinks(root, entries);
  return { changes, tree: stagedTree(root, { entries, links, modified }) };
}

interface IndexEntry {
  mode: string;
  blob: string;
}

/** The difference between the last commit, if there is one, and the index. */
async function readDiff(root: string): Promise<{ path: string; blob: string | null }[] | null> {
  const args = [
    'diff-index',
    '--cached',
    '--raw',
    '-z',
    '--no-renames',
    '--abbrev=64',
    '--relative',
  ];
  const output =
    (await runGit(root, [...args, 'HEAD'])) ??
    (await runGit(root, [...args, await emptyTree(root)]));
  if (output === null) return null;
  const fields = output.split('\0');
  const changes = [];
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const [, , , blob = '', status] = (fields[at] ?? '').split(' ');
    changes.push({ path: fields[at + 1] ?? '', blob: status === 'D' ? null : blob });
  }
  return changes;
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
