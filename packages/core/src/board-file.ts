import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CodepaktError } from '@codepakt/contract';
import { type Clock, stampOf } from './clock.ts';
import type { Context } from './context.ts';
import { type Database, type DatabaseOptions, sqlBuilder } from './database/database.ts';
import { putLeftWalAside } from './database/left-wal.ts';
import { createDatabase, openDatabase } from './database/open-database.ts';
import { RESTORE_HINT } from './database/sqlite-error.ts';
import { appendEvent } from './events/append-event.ts';
import { asFileError, draftOf, makeFolder, publish } from './write-file.ts';

export const SETTING_UP: DatabaseOptions = { busy_timeout_ms: 5_000, auto_checkpoint: true };

/** What lies where a board's database belongs. */
export type BoardFile =
  | { kind: 'absent' }
  /** Written by codepakt 0.1 or 0.2, or a database without tables. */
  | { kind: 'older' }
  | { kind: 'ours'; project: { id: string; name: string; created_at: string } };

/**
 * Looks at a database file without changing what is in it.
 * @throws CodepaktError `database_foreign`, `database_newer`, `database_damaged` …
 */
export function lookAt(file: string): BoardFile {
  if (!existsSync(file)) return { kind: 'absent' };
  let db: Database;
  try {
    db = openDatabase(file, SETTING_UP);
  } catch (error) {
    if (error instanceof CodepaktError && error.code === 'database_legacy')
      return { kind: 'older' };
    throw error;
  }
  try {
    return { kind: 'ours', project: readProject(db) };
  } finally {
    db.close();
  }
}

export interface CreatedBoard {
  /** False: another process was first. */
  created: boolean;
  /** Where the WAL is kept that a database left which was there before. */
  left_wal: string | undefined;
}

/**
 * Makes the database of a new board, filled by `fill` in one transaction. It appears under its
 * name only when it is whole, and nothing that lay beside its place becomes part of it.
 */
export function createBoard(
  file: string,
  clock: Clock,
  fill: (ctx: Context) => void,
): CreatedBoard {
  makeFolder(dirname(file));
  return asFileError(file, () =>
    withDraft(file, clock, fill, (draft) => {
      const left_wal = putLeftWalAside(file, stampOf(clock));
      return { created: publish(draft, file), left_wal };
    }),
  );
}

/** Makes a whole database beside `file`, closes it, and hands it on; nothing of it stays behind. */
export function withDraft<T>(
  file: string,
  clock: Clock,
  fill: (ctx: Context) => void,
  use: (draft: string) => T,
): T {
  sweepDrafts(dirname(file), (name) => name === basename(file));
  const draft = draftOf(file);
  try {
    const db = createDatabase(draft, SETTING_UP);
    try {
      db.transaction(() => fill({ db, clock }));
      // Only the file itself gets the name of a board.
      db.writeBack();
    } finally {
      db.close();
    }
    return use(draft);
  } finally {
    removeDraft(draft);
  }
}

/** With all that SQLite puts beside it. */
export function removeDraft(draft: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(draft + suffix, { force: true });
}

/**
 * Deletes what a killed process has left; a draft that is still being made is minutes old at most.
 * @param isOf whether the drafts of a file of this name are meant
 */
export function sweepDrafts(folder: string, isOf: (name: string) => boolean): void {
  for (const name of readdirSync(folder)) {
    const of = DRAFT.exec(name)?.[1];
    if (of === undefined || !isOf(of)) continue;
    const stat = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (stat?.isFile() === true && Date.now() - stat.mtimeMs > STALE_MS) {
      rmSync(join(folder, name), { force: true });
    }
  }
}

/** As `draftOf` names it, and no other name: what is beside it may be anybody's. */
const DRAFT = /^(.+)\.new-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?:-wal|-shm|-journal)?$/;
const STALE_MS = 3_600_000;

/** Makes the copy of a board a project of its own; nothing when another process has done so already. */
export function adoptNewId(file: string, clock: Clock, from: string, to: string): void {
  const db = openDatabase(file, SETTING_UP);
  try {
    db.transaction(() => {
      const { changes } = db.run(
        sqlBuilder.updateTable('projects').set({ id: to }).where('id', '=', from),
      );
      if (changes === 0) return;
      appendEvent({ db, clock }, { action: 'project_updated', detail: { copy_of: from }, by: {} });
    });
  } finally {
    db.close();
  }
}

function readProject(db: Database): { id: string; name: string; created_at: string } {
  const project = db.first(sqlBuilder.selectFrom('projects').select(['id', 'name', 'created_at']));
  if (project !== undefined) return project;
  throw new CodepaktError('database_damaged', `${db.file} does not say whose it is`, {
    hint: RESTORE_HINT,
  });
}
