import { readBlobs } from './git.ts';
import { modifiedFiles } from './git-index.ts';
import { type DiskStamp, isBlob, readWorkFile, UNKNOWN } from './work-file.ts';

export interface StagedSource {
  path: string;
  bytes: Uint8Array;
  /** Unknown where the work tree has another content. */
  stamp: DiskStamp;
}

export interface StagedWish {
  /** Blobs by path. */
  blobs: ReadonlyMap<string, string>;
  /** Microseconds since 1970: no file was looked at before. */
  startedAt: number;
  /** The paths whose files in the work tree are not as they are staged, where that is known already. */
  modified?: ReadonlySet<string>;
}

/** The contents of files as they are staged, from disk where they lie there: that takes no process. */
export async function* readStaged(
  root: string,
  { blobs, startedAt, modified }: StagedWish,
): AsyncGenerator<StagedSource> {
  const others = new Map<string, string>();
  for (const [path, blob] of blobs) {
    const file = readWorkFile(root, path, startedAt);
    if (file && isBlob(file.bytes, blob)) yield { path, ...file };
    else others.set(path, blob);
  }
  if (others.size === 0) return;
  const [changed, contents] = await Promise.all([
    modified ?? modifiedFiles(root, [...others.keys()]),
    readBlobs(root, [...others.values()]),
  ]);
  for (const [path, blob] of others) {
    // Git may write a file with other line ends than its blob has; then it counts as it lies on disk.
    const file = changed?.has(path) === false ? readWorkFile(root, path, startedAt) : undefined;
    const bytes = file?.bytes ?? contents.get(blob);
    if (bytes) yield { path, bytes, stamp: file?.stamp ?? UNKNOWN };
  }
}
