import { CodepaktError } from '@codepakt/contract';
import { type Clock, systemClock } from './clock.ts';
import { openDatabase } from './database/open-database.ts';
import { Project } from './project.ts';
import { databaseFileIn, findProjectFolder } from './project-folder.ts';

export interface OpenOptions {
  /** How long a call waits for another process's lock, synchronously. 5,000 unless told. */
  busy_timeout_ms?: number;
  /** Whether SQLite checkpoints inside commits; the daemon does it between them. */
  auto_checkpoint?: boolean;
  clock?: Clock;
}

/**
 * Opens the board of the project that `dir` lies in.
 * @throws CodepaktError `project_not_found`, and whatever `openDatabaseFile` throws
 */
export function openProject(dir: string, options: OpenOptions = {}): Project {
  const folder = findProjectFolder(dir);
  if (folder === undefined) {
    throw new CodepaktError('project_not_found', `${dir} is not in a project of codepakt`, {
      hint: 'Run `cpk init` in the folder that is to be one.',
    });
  }
  return openDatabaseFile(databaseFileIn(folder), options);
}

/**
 * Opens a board by its database file.
 * @throws CodepaktError `database_legacy`, `database_newer`, `database_foreign`, `database_damaged`,
 * `database_unsafe`, `read_only`, `busy`
 */
export function openDatabaseFile(file: string, options: OpenOptions = {}): Project {
  const db = openDatabase(file, {
    busy_timeout_ms: options.busy_timeout_ms ?? 5_000,
    auto_checkpoint: options.auto_checkpoint ?? true,
  });
  try {
    return new Project(db, options.clock ?? systemClock);
  } catch (error) {
    db.close();
    throw error;
  }
}
