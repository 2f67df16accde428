import { hash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { microseconds } from './collect-files.ts';

/** How a file lies on disk; null where the work tree has another content than what was read. */
export interface DiskStamp {
  size: number | null;
  mtime: number | null;
}

export const UNKNOWN: DiskStamp = { size: null, mtime: null };

/**
 * A file that changed just now may change again within the same tick of its clock, which no later
 * look at its time would show: such a time is not kept.
 * @param startedAt microseconds since 1970, from before the file was looked at
 */
export function toStamp(
  { size, mtime }: { size: number; mtime: number },
  startedAt: number,
): DiskStamp {
  const tick = mtime % 1_000_000 === 0 ? 2_000_000 : 20_000;
  return mtime > startedAt - tick ? UNKNOWN : { size, mtime };
}

/** Size and time of a regular file; undefined for all else. */
export function lookAtFile(
  root: string,
  path: string,
): { size: number; mtime: number } | undefined {
  // Of thousands of paths, which are plain already: joining them would take as long as looking.
  const stats = lstatSync(`${root}/${path}`, { throwIfNoEntry: false });
  return stats?.isFile() ? { size: stats.size, mtime: microseconds(stats) } : undefined;
}

export interface WorkFile {
  bytes: Buffer;
  stamp: DiskStamp;
}

/** A regular file of the work tree; undefined when it is none, is gone or can't be read. */
export function readWorkFile(root: string, path: string, startedAt: number): WorkFile | undefined {
  // The stamp is taken first: who writes to the file meanwhile is noticed by the next scan.
  const file = lookAtFile(root, path);
  const bytes = file && readIfPossible(root, path);
  return bytes ? { bytes, stamp: toStamp(file, startedAt) } : undefined;
}

export function readIfPossible(root: string, path: string): Buffer | null {
  try {
    return readFileSync(`${root}/${path}`);
  } catch {
    // Gone since it was listed, or unreadable: a scan would not index it either.
    return null;
  }
}

/** Whether git would give the bytes, as they are, that id. */
export function isBlob(bytes: Buffer, id: string): boolean {
  const content = Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]);
  return hash(id.length === 40 ? 'sha1' : 'sha256', content) === id;
}
