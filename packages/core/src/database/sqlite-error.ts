import { closeSync, existsSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { CodepaktError, type ErrorCode } from '@codepakt/contract/light';
import Sqlite from 'better-sqlite3';
import { noHandlesLeft } from '../write-file.ts';

/** The way out of a database that can't be used: a restore keeps it, and leaves nothing of it behind. */
export const RESTORE_HINT =
  '`cpk backup --list` shows the backups; `cpk restore FILE` brings one back.';
export const FOREIGN_HINT =
  'It was not touched. `cpk restore FILE` puts a backup in its place; for a new board move it away and run `cpk init`.';

const CODES: readonly [prefix: string, code: ErrorCode, message: string, hint: string][] = [
  [
    'SQLITE_BUSY',
    'busy',
    'another process is writing to this database',
    'Try again in a moment; `cpk server status` shows who runs.',
  ],
  [
    'SQLITE_LOCKED',
    'busy',
    'this database is locked',
    'Try again in a moment; `cpk server status` shows who runs.',
  ],
  [
    'SQLITE_FULL',
    'disk_full',
    'the disk is full; nothing was written',
    'Free some space and repeat.',
  ],
  [
    'SQLITE_IOERR_WRITE',
    'disk_full',
    'the disk took no more; nothing was written',
    'Free some space and repeat.',
  ],
  [
    'SQLITE_IOERR_SHMSIZE',
    'disk_full',
    'the disk took no more; nothing was written',
    'Free some space and repeat.',
  ],
  ['SQLITE_IOERR_SHORT_READ', 'database_damaged', 'this database is cut off', RESTORE_HINT],
  [
    'SQLITE_IOERR_FSYNC',
    'read_only',
    'the disk failed; what was to be written is not saved',
    'Check the disk. As soon as it works again, so does codepakt.',
  ],
  // Reading fails like this too.
  [
    'SQLITE_IOERR',
    'read_only',
    'the disk failed',
    'Check the disk. As soon as it works again, so does codepakt.',
  ],
  [
    'SQLITE_READONLY',
    'read_only',
    'this database may not be written to',
    'Check the rights of its folder and file, or use `cpk init --hosted`.',
  ],
  [
    'SQLITE_CANTOPEN',
    'read_only',
    'this database cannot be opened',
    'Check that its folder exists and may be written to.',
  ],
  [
    'SQLITE_PERM',
    'read_only',
    'this database may not be opened',
    'Check the rights of its folder and file.',
  ],
  ['SQLITE_CORRUPT', 'database_damaged', 'this database is damaged', RESTORE_HINT],
  ['SQLITE_NOTADB', 'database_foreign', 'this file is not a database of codepakt', FOREIGN_HINT],
];

/** What went wrong inside SQLite, in our words; anything unknown comes back as it was. */
export function toCodepaktError(error: unknown, file: string): unknown {
  if (!(error instanceof Sqlite.SqliteError)) return error;
  const known = CODES.find(([prefix]) => error.code.startsWith(prefix));
  if (known === undefined) return error;
  const [prefix, code, message, hint] = known;
  if (prefix === 'SQLITE_CANTOPEN') {
    if (!hasHandlesLeft()) return noHandlesLeft(file, error);
    if (!existsSync(file)) return databaseAbsent(file, error);
  }
  return new CodepaktError(code, `${file}: ${message}`, { hint, cause: error });
}

/** The error for a database that is not where it belongs. */
export function databaseAbsent(file: string, cause?: unknown): CodepaktError {
  return new CodepaktError('project_not_found', `${file} is not there`, {
    hint: `${RESTORE_HINT} \`cpk init\` starts a new board.`,
    cause,
  });
}

/** SQLite says the same of a file that it may not open and of one too many. */
function hasHandlesLeft(): boolean {
  try {
    closeSync(openSync(devNull, 'r'));
    return true;
  } catch {
    return false;
  }
}
