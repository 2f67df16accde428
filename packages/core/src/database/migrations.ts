import { CodepaktError } from '@codepakt/contract/light';
import { board } from './migrations/001-board.ts';
import { codeIndex } from './migrations/002-code-index.ts';
import { kindsOfTasks } from './migrations/003-kinds-of-tasks.ts';
import { checksums } from './migrations/004-checksums.ts';
import { leanPickups } from './migrations/005-lean-pickups.ts';

export interface Migration {
  version: number;
  name: string;
  sql: string;
}

/** In order; a released one is never edited. */
export const MIGRATIONS: readonly Migration[] = [
  { version: 1, name: 'board', sql: board },
  { version: 2, name: 'code-index', sql: codeIndex },
  { version: 3, name: 'kinds-of-tasks', sql: kindsOfTasks },
  { version: 4, name: 'checksums', sql: checksums },
  { version: 5, name: 'lean-pickups', sql: leanPickups },
];

export const NEWEST_VERSION = MIGRATIONS.at(-1)?.version ?? 0;

/** Says in the file's header whose database it is: the letters CPKT. */
export const APPLICATION_ID = 0x43504b54;

/** The same for a database that holds just a code index, that of a worktree: CPKI. */
export const INDEX_APPLICATION_ID = 0x43504b49;

export const SCHEMA_VERSION_TABLE = `
CREATE TABLE IF NOT EXISTS schema_version (
  version INTEGER PRIMARY KEY,
  applied_at TEXT NOT NULL
) STRICT`;

/** The error for a database of a later codepakt. */
export function tooNew(file: string, found: number, newest = NEWEST_VERSION): CodepaktError {
  return new CodepaktError(
    'database_newer',
    `${file} has version ${found}, written by a newer codepakt; this one reads up to version ${newest}`,
    { hint: 'Upgrade: npm install --global codepakt@latest', details: { found, newest } },
  );
}
