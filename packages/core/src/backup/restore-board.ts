import { existsSync, lstatSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodepaktError, type ErrorCode } from '@codepakt/contract';
import { removeDraft, SETTING_UP, sweepDrafts } from '../board-file.ts';
import { stampOf, systemClock } from '../clock.ts';
import { ALL_PAGES, Database, sqlBuilder } from '../database/database.ts';
import { nameAside, putLeftWalAside } from '../database/left-wal.ts';
import { refuseUnsafePlace } from '../database/network-file-system.ts';
import { openDatabase } from '../database/open-database.ts';
import { asFileError, draftOf, makeFolder, publish } from '../write-file.ts';
import { backUpBoard } from './back-up-board.ts';
import { type BoardContent, readThrough } from './board-content.ts';
import { copyBackup, type RestoredBackup, refuseSource, tellOfRestore } from './copy-backup.ts';

export interface RestoreOptions extends RestoredBackup {
  /** Where the board's database is, or belongs. */
  database: string;
  /** Where the present board is kept, when it is whole; another stays beside its place. */
  keep_as: string;
  /** Called before a database is put aside: nobody may have it open then. */
  letGo?: (() => Promise<void>) | undefined;
}

export interface Restored extends BoardContent {
  /** Where the present database is kept; undefined when there was none. */
  kept: string | undefined;
}

/**
 * Puts a backup in the place of a board, after reading it through; the present board is kept. A
 * database that is whole is written into in one transaction, so that whoever has it open goes on
 * with the restored board; one that is not is put aside.
 * @throws CodepaktError `file_not_found`; `database_damaged`, `database_foreign` or `database_newer`
 * of the backup; `busy`. Then nothing was changed.
 */
export async function restoreBoard(options: RestoreOptions): Promise<Restored> {
  const { source, database, id } = options;
  refuseSource(source, database);
  refuseLinks(database);
  refuseUnsafePlace(database);
  const isNew = makeFolder(dirname(database));
  sweepDrafts(dirname(database), (name) => name === basename(database));
  const draft = draftOf(database);
  try {
    const content = copyBackup(draft, options);
    const present = lookAtPresent(database);
    const kept =
      present === 'whole'
        ? await writeInto(draft, content, options)
        : await putInPlace(draft, content, options, present);
    return { ...content, project: { ...content.project, id: id ?? content.project.id }, kept };
  } finally {
    removeDraft(draft);
    if (isNew && !existsSync(database)) removeIfEmpty(dirname(database));
  }
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Somebody has put something in: then it is theirs.
  }
}

/** A cloned repository is not trusted: no link in it may lead what is written here elsewhere. */
function refuseLinks(database: string): void {
  for (const path of [database, `${database}.lock`, dirname(database)]) {
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) continue;
    throw new CodepaktError('wrong_usage', `${path} is a link, which is not followed`, {
      hint: 'Move it away, and restore then.',
    });
  }
}

type Present = 'absent' | 'whole' | 'unusable';
const UNUSABLE = new Set<ErrorCode>([
  'database_damaged',
  'database_foreign',
  'database_legacy',
  'database_newer',
]);

function lookAtPresent(database: string): Present {
  if (!existsSync(database)) return 'absent';
  try {
    const db = openDatabase(database, SETTING_UP);
    try {
      readThrough(db);
      return 'whole';
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof CodepaktError && UNUSABLE.has(error.code)) return 'unusable';
    throw error;
  }
}

const PATIENCE_MS = 15_000;

/**
 * One transaction of SQLite's own backup: readers see the old board until it is over. That is kept
 * when nobody else can write to it any more, so that nothing falls in between. Answers where.
 */
async function writeInto(
  draft: string,
  content: BoardContent,
  options: RestoreOptions,
): Promise<string> {
  const { database, keep_as } = options;
  makeFolder(dirname(keep_as));
  const copy = new Database(draft, SETTING_UP);
  try {
    const end = performance.now() + PATIENCE_MS;
    for (let event: number | undefined; ; ) {
      try {
        await copy.copyInto(database, () => {
          event ??= tellOfRestore(
            copy,
            backUpBoard(database, keep_as, { even_changed: true }).last_event_id,
            content,
            options,
          );
          return ALL_PAGES;
        });
        syncRestored(database, event ?? 0);
        return keep_as;
      } catch (error) {
        const isBusy = error instanceof CodepaktError && error.code === 'busy';
        if (!isBusy || event !== undefined || performance.now() > end) throw error;
      }
      await sleep(10);
    }
  } finally {
    copy.close();
  }
}

/** @throws CodepaktError `busy` when SQLite gave up without a word */
function syncRestored(database: string, event: number): void {
  const db = openDatabase(database, SETTING_UP);
  try {
    const told = db.first(
      sqlBuilder
        .selectFrom('events')
        .select('id')
        .where('id', '=', event)
        .where('action', '=', 'board_restored'),
    );
    if (told === undefined) throw new CodepaktError('busy', `${database} is being written to`);
    db.pragma('wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
}

/** Answers where the database that was there is kept. */
async function putInPlace(
  draft: string,
  content: BoardContent,
  options: RestoreOptions,
  present: Present,
): Promise<string | undefined> {
  const { database, letGo, clock = systemClock } = options;
  const stamp = stampOf(clock);
  const aside = nameAside(database, stamp);
  const db = new Database(draft, SETTING_UP);
  try {
    tellOfRestore(db, 0, content, options);
    // One file, which can be renamed.
    db.pragma('journal_mode = DELETE');
  } finally {
    db.close();
  }
  if (present === 'unusable') {
    await letGo?.();
    settle(database);
  }
  asFileError(database, () => {
    if (present === 'unusable') {
      // First, because it would be taken for the WAL of the new database.
      if (existsSync(`${database}-wal`)) renameSync(`${database}-wal`, `${aside}-wal`);
      rmSync(`${database}-shm`, { force: true });
      renameSync(database, aside);
    } else putLeftWalAside(database, stamp);
    if (publish(draft, database)) return;
    throw new CodepaktError('busy', `${database} was made by another process meanwhile`, {
      hint: 'Try again.',
    });
  });
  return present === 'unusable' ? aside : undefined;
}

/** Brings the WAL of a database that can be opened back into it, if nobody else has it open. */
function settle(database: string): void {
  try {
    const db = new Database(database, SETTING_UP);
    try {
      db.pragma('journal_mode = DELETE');
    } finally {
      db.close();
    }
  } catch (error) {
    if (error instanceof CodepaktError && error.code === 'busy') throw error;
    // It is as damaged as was said before; it is kept as it is.
  }
}
