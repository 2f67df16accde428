import { codepaktIgnore, IGNORE_FILE, IGNORED_ALWAYS } from './collect-files.ts';
import { blobOf, diffIndex, listIndex } from './git-index.ts';
import { languageOf } from './languages.ts';
import { EXTRACTORS, type ScanNote, type StagedNote, toStagedNote } from './scan-note.ts';

/** What of git's index is not in the rows yet, where no configuration has changed. */
export interface StagedSince {
  /** The blobs of code files that have another content than the rows are of. */
  changed: Map<string, string>;
  /** Paths that came or went; nothing else is told then, since imports anywhere may lead elsewhere. */
  moved: string[];
  /** Other files, whose rows may be of something else. */
  unsure: UnsureFile[];
  /** The note once the rows are of all that, but for the files that still are not. */
  note: (unsure: string[]) => StagedNote | undefined;
}

export interface UnsureFile {
  path: string;
  /** Undefined when git does not track it. */
  blob: string | undefined;
  /** Whether the next commit changes it. */
  isStaged: boolean;
}

/**
 * What was staged since the last scan, told by its note: one process of git, and no look at the work
 * tree. Undefined when that can't be told, or a configuration has changed.
 */
export async function stagedSince(
  root: string,
  { staged, read }: ScanNote,
): Promise<StagedSince | undefined> {
  if (staged?.extractors !== EXTRACTORS) return undefined;
  const changes = await diffIndex(root, staged.commit);
  const entries = new Map(staged.entries);
  if (changes === null || staged.entries.some(([path]) => !changes.has(path))) return undefined;
  const configurations = new Set([...read, ...staged.read_through_links]);
  const isExcluded = await codepaktIgnore(root, staged.ignore_files);
  const changed = new Map<string, string>();
  const moved: string[] = [];
  for (const [path, { from, to }] of changes) {
    const before = entries.get(path) ?? from;
    if (before === to || IGNORED_ALWAYS.test(path) || isSubmodule(before, to)) continue;
    const blob = blobOf(to);
    if (configurations.has(path) || IGNORE_FILE.test(path)) return undefined;
    if ((before === '' && blob) || (to === '' && blobOf(before))) {
      if (!isExcluded(path)) moved.push(path);
      continue;
    }
    // What becomes a link, or no longer is one, is seen to by the long way.
    if (blob === undefined || blobOf(before) === undefined) return undefined;
    if (languageOf(path) && !isExcluded(path)) changed.set(path, blob);
  }
  const unsure = staged.unsure.filter((path) => !changed.has(path));
  return {
    changed,
    moved,
    unsure: moved.length > 0 ? [] : await lookUp(root, unsure),
    note: (unsure) => toStagedNote({ ...staged, changes, unsure }),
  };
}

function isSubmodule(before: string, to: string): boolean {
  return before.startsWith('160000') && to.startsWith('160000');
}

async function lookUp(root: string, paths: readonly string[]): Promise<UnsureFile[]> {
  if (paths.length === 0) return [];
  const [entries, staged] = await Promise.all([
    listIndex(root, paths),
    diffIndex(root, 'HEAD', paths),
  ]);
  return paths.map((path) => ({
    path,
    blob: blobOf(entries?.get(path) ?? ''),
    isStaged: staged?.has(path) ?? true,
  }));
}
