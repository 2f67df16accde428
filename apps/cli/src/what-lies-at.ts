import { type Stats, statSync } from 'node:fs';

/** What a path that somebody gave leads to; undefined when nothing can lie there. */
export function whatLiesAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (isNothingThere(error)) return undefined;
    throw error;
  }
}

/** Whether an error says that a path leads nowhere: to no file, through a file, by too long a name, in a circle. */
export function isNothingThere(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP'].includes(code);
}
