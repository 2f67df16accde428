import { lstatSync, readFileSync } from 'node:fs';
import type { Connection } from './connection.ts';
import { hashOf } from './hash-of.ts';
import { pathInside } from './path-inside.ts';

interface StampRow {
  path: string;
  size: number | null;
  mtime: number | null;
  hash: string;
}

/** Those of the files that are on disk another way than they were when they were read, or are gone. */
export function staleFiles(
  connection: Connection,
  root: string,
  paths: Iterable<string>,
): Set<string> {
  const stamps = connection.all<StampRow>(
    `SELECT p.path, f.size, f.mtime, f.hash FROM json_each(?) named
     CROSS JOIN paths p ON p.path = named.value JOIN files f ON f.id = p.id`,
    JSON.stringify([...new Set(paths)]),
  );
  return new Set(stamps.filter((stamp) => isStale(root, stamp)).map(({ path }) => path));
}

/** The paths among these that are stale, in their order; for answers that list paths. */
export function staleAmong(connection: Connection, root: string, paths: string[]): string[] {
  const stale = staleFiles(connection, root, paths);
  return stale.size === 0 ? [] : [...new Set(paths)].filter((path) => stale.has(path));
}

function isStale(root: string, { path, size, mtime, hash }: StampRow): boolean {
  const file = pathInside(root, path);
  if (file === undefined) return true;
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (stats === undefined || !stats.isFile()) return true;
  // What was read from git's index and not from the disk has no size and time to compare.
  if (size === null || mtime === null) return hashOfFile(file) !== hash;
  return stats.size !== size || microseconds(stats.mtimeMs) !== mtime;
}

/** As the scanner counts them. */
function microseconds(mtimeMs: number): number {
  return Math.floor(mtimeMs * 1_000);
}

function hashOfFile(file: string): string | undefined {
  try {
    return hashOf(readFileSync(file));
  } catch {
    // It vanished, or may not be read: stale either way.
    return undefined;
  }
}
