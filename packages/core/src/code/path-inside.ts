import { join, sep } from 'node:path';

/**
 * Where a path of the index lies on disk; undefined when that is outside the root, which no scan
 * would have stored, but a database that came with a cloned repository may hold.
 */
export function pathInside(root: string, path: string): string | undefined {
  const file = join(root, path);
  return file.startsWith(root.endsWith(sep) ? root : root + sep) ? file : undefined;
}
