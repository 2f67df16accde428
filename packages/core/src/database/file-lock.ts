import { closeSync, existsSync, openSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { asFileError } from '../write-file.ts';
import { toCodepaktError } from './sqlite-error.ts';

/** A lock that is held until it is disposed of, or until the process dies. */
export interface FileLock {
  [Symbol.dispose](): void;
}

/**
 * Takes the lock of a file, making the file if need be. It is SQLite's own lock on an empty file:
 * the kernel lets go of it when the process dies, however it dies, so that no stale file and no
 * other program's pid can be mistaken for a holder.
 * @param patience_ms how long to wait, synchronously, for another process that holds it
 * @throws CodepaktError `busy` when another process holds it, `read_only`, `disk_full`
 */
export function takeFileLock(file: string, patience_ms = 0): FileLock {
  // Only when it is not there: closing any descriptor of it would drop this process's lock.
  if (!existsSync(file)) asFileError(file, () => closeSync(openSync(file, 'a', 0o600)));
  let sqlite: Sqlite.Database | undefined;
  try {
    sqlite = new Sqlite(file, { timeout: patience_ms });
    sqlite.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    sqlite?.close();
    throw toCodepaktError(error, file);
  }
  const held = sqlite;
  return { [Symbol.dispose]: () => held.close() };
}
