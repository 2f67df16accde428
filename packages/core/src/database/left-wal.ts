import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { asFileError, syncFolder } from '../write-file.ts';
import { takeFileLock } from './file-lock.ts';

/** Moving a file away takes a moment, even of a slow disk. */
const PATIENCE_MS = 5_000;

/**
 * Moves away the WAL that a database left behind which is not there any more, or SQLite would take
 * it for that of the next database of this name. Answers where it is kept, if there was one.
 * @param stamp when that was, as part of a file name
 * @throws CodepaktError `busy`, `read_only`
 */
export function putLeftWalAside(file: string, stamp: string): string | undefined {
  const wal = `${file}-wal`;
  // The WAL of a database that another process has just made needs no lock, which many would fight for.
  if (!existsSync(wal) || existsSync(file)) return undefined;
  // Another process may do the same, make its database, and have a WAL of its own a moment later.
  const lock = `${file}.lock`;
  using _held = takeFileLock(lock, PATIENCE_MS);
  try {
    // In this order: a WAL that was there before the database was not is nobody's.
    if (!existsSync(wal) || existsSync(file)) return undefined;
    const aside = `${nameAside(file, stamp)}-wal`;
    asFileError(wal, () => {
      renameSync(wal, aside);
      rmSync(`${file}-shm`, { force: true });
      syncFolder(dirname(file));
    });
    return aside;
  } finally {
    rmSync(lock, { force: true });
  }
}

/** What a database is called that another took the place of. */
export function nameAside(file: string, stamp: string): string {
  return `${file}.replaced-${stamp}.bak`;
}
