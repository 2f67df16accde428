import {
  chmodSync,
  copyFileSync,
  existsSync,
  lstatSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodepaktError, HUMAN } from '@codepakt/contract';
import { removeDraft, SETTING_UP, sweepDrafts } from '../board-file.ts';
import { type Clock, systemClock, timestamp } from '../clock.ts';
import { Database, sqlBuilder } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { openDatabase } from '../database/open-database.ts';
import { graceLeases } from '../tasks/leases.ts';
import { asFileError, draftOf, makeFolder, publish } from '../write-file.ts';
import { backUpBoard } from './back-up-board.ts';
import { type BoardContent, readThrough } from './board-content.ts';

export interface RestoreOptions {
  /** The backup. */
  source: string;
  /** Where the board's database is, or belongs. */
  database: string;
  /** The project whose place that is; left out when nothing is there yet. */
  id?: string | undefined;
  /** Where the present board is kept, when it is whole; another stays beside its place. */
  keep_as: string;
  /** Also a backup of another project: it takes this one's place and id. */
  force?: boolean | undefined;
  /** Who restores; left out, it is a person. */
  agent?: string | undefined;
  /** Called before a database is put aside: nobody may have it open then. */
  letGo?: (() => Promise<void>) | undefined;
  clock?: Clock | undefined;
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
  const { source, database, id, force = false } = options;
  refuseSource(source, database);
  refuseLinks(database);
  const isNew = makeFolder(dirname(database));
  sweepDrafts(dirname(database), basename(database));
  const draft = draftOf(database);
  try {
    asFileError(database, () => copyBackup(source, draft));
    const content = readDraft(draft, source, { id, force });
    prepareDraft(draft, options);
    const present = lookAtPresent(database);
    const kept =
      present === 'whole'
        ? await writeInto(draft, content, options)
        : await putInPlace(draft, content, options, present);
    return { ...content, project: { ...content.project, id: id ?? content.project.id }, kept };
  } catch (error) {
    removeDraft(draft);
    if (isNew) rmdirSync(dirname(database));
    throw error;
  } finally {
    removeDraft(draft);
  }
}

function refuseSource(source: string, database: string): void {
  const stat = statSync(source, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) {
    throw new CodepaktError('file_not_found', `there is no file ${source}`, {
      hint: '`cpk backup --list` shows the backups.',
    });
  }
  if (existsSync(database) && realpathSync(source) === realpathSync(database)) {
    throw new CodepaktError('wrong_usage', `${source} is the board itself, not a backup`);
  }
}

/** A cloned repository is not trusted: no link in it may lead what is written here elsewhere. */
function refuseLinks(database: string): void {
  for (const path of [database, dirname(database)]) {
    if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() !== true) continue;
    throw new CodepaktError('wrong_usage', `${path} is a link, which is not followed`, {
      hint: 'Move it away, and restore then.',
    });
  }
}

/** The backup stays untouched: SQLite gets to see a copy only. */
function copyBackup(source: string, draft: string): void {
  copyFileSync(source, draft);
  chmodSync(draft, 0o600);
  if (existsSync(`${source}-wal`)) copyFileSync(`${source}-wal`, `${draft}-wal`);
}

function readDraft(
  draft: string,
  source: string,
  { id, force }: { id: string | undefined; force: boolean },
): BoardContent {
  const content = readCopy(draft, source);
  if (id === undefined || id === content.project.id || force) return content;
  const { name, id: other } = content.project;
  throw new CodepaktError(
    'database_foreign',
    `${source} is of another project: ${name}, ${other}`,
    { hint: 'If that board is to take the place of this one, say --force.' },
  );
}

/** Errors name the backup: nobody knows of the copy. */
function readCopy(draft: string, source: string): BoardContent {
  try {
    const db = new Database(draft, SETTING_UP);
    try {
      return readThrough(db, source);
    } finally {
      db.close();
    }
  } catch (error) {
    if (!(error instanceof CodepaktError)) throw error;
    const { code, message, hint, cause } = error;
    const next = code === 'database_newer' ? hint : '`cpk backup --list` shows the backups.';
    throw new CodepaktError(code, message.replace(draft, source), {
      hint: `Nothing was changed. ${next}`,
      cause,
    });
  }
}

type Present = 'absent' | 'whole' | 'unusable';

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
    if (error instanceof CodepaktError && error.code.startsWith('database_')) return 'unusable';
    throw error;
  }
}

/** Brings the copy to the newest version, for the project whose place it takes. */
function prepareDraft(draft: string, { id, clock = systemClock }: RestoreOptions): void {
  const db = new Database(draft, SETTING_UP);
  try {
    migrate(db, undefined, { keeps_old: false });
    db.transaction(() => {
      if (id !== undefined) db.run(sqlBuilder.updateTable('projects').set({ id }));
      graceLeases({ db, clock });
    });
  } finally {
    db.close();
  }
}

/**
 * Tells in the log of the copy what happens; answers the number of that event. It is higher than any
 * before on either board, so that who follows the log misses nothing.
 */
function tellOfRestore(
  db: Database,
  last: number,
  { last_event_id }: BoardContent,
  { source, agent = HUMAN, clock = systemClock }: RestoreOptions,
): number {
  const id = Math.max(last, last_event_id) + 1;
  db.run(
    sqlBuilder.insertInto('events').values({
      id,
      task_id: null,
      doc_id: null,
      agent,
      action: 'board_restored',
      version: null,
      detail: JSON.stringify({ from: basename(source), last_event: last_event_id }),
      created_at: timestamp(clock),
    }),
  );
  return id;
}

const PATIENCE_MS = 15_000;
/** In one step. */
const ALL_PAGES = 0x7fffffff;

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
            backUpBoard(database, keep_as).last_event_id,
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
  const stamp = timestamp(clock).replaceAll(/[-:]/g, '').replace('.', '');
  const aside = `${database}.replaced-${stamp}.bak`;
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
    // First, because it would be taken for the WAL of the new database.
    if (existsSync(`${database}-wal`)) renameSync(`${database}-wal`, `${aside}-wal`);
    rmSync(`${database}-shm`, { force: true });
    if (present === 'unusable') renameSync(database, aside);
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
