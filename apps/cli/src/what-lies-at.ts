import { type Stats, statSync } from 'node:fs';

/** What a path that somebody gave leads to; undefined when nothing can lie there. */
export function whatLiesAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    // A name that no file system holds, or links in a circle.
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENAMETOOLONG' || code === 'ELOOP') return undefined;
    throw error;
  }
}
