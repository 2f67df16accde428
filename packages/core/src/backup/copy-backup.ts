import {
  accessSync,
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { basename } from 'node:path';
import { CodepaktError, HUMAN } from '@codepakt/contract';
import { SETTING_UP } from '../board-file.ts';
import { type Clock, systemClock, timestamp } from '../clock.ts';
import { copyDatabase } from '../database/backup.ts';
import { Database, sqlBuilder } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { insertEvent } from '../events/insert-event.ts';
import { graceLeases } from '../tasks/leases.ts';
import { asFileError } from '../write-file.ts';
import { type BoardContent, readThrough, refuseChanged } from './board-content.ts';

/** What is restored, and for whom. */
export interface RestoredBackup {
  /** The backup. */
  source: string;
  /** The project whose place it takes; left out when nothing is there yet. */
  id?: string | undefined;
  /** Also a backup of another project: it takes this one's place and id. */
  force?: boolean | undefined;
  /** Also one that is not what its own log of events tells. */
  even_changed?: boolean | undefined;
  /** Who restores; left out, it is a person. */
  agent?: string | undefined;
  clock?: Clock | undefined;
}

/**
 * Copies a backup, reads the copy through, and makes it fit for the place of the board. The backup
 * stays untouched: what is done is done to the copy.
 * @throws CodepaktError `database_damaged`, `database_foreign`, `database_newer`, `disk_full`
 */
export function copyBackup(draft: string, backup: RestoredBackup): BoardContent {
  const { source, id, force = false } = backup;
  copyFile(source, draft);
  const content = readCopy(draft, source);
  if (id !== undefined && id !== content.project.id && !force) throw otherProject(source, content);
  prepareCopy(draft, backup);
  return content;
}

/** @throws CodepaktError `file_not_found`, `read_only`, `wrong_usage` for the board itself */
export function refuseSource(source: string, database: string): void {
  const stat = statSync(source, { throwIfNoEntry: false });
  if (stat?.isFile() !== true) {
    throw new CodepaktError('file_not_found', `there is no file ${source}`, {
      hint: '`cpk backup --list` shows the backups.',
    });
  }
  try {
    accessSync(source, constants.R_OK);
  } catch (cause) {
    const hint = 'Check who owns it and what its rights are.';
    throw new CodepaktError('read_only', `${source} may not be read`, { hint, cause });
  }
  if (existsSync(database) && realpathSync(source) === realpathSync(database)) {
    throw new CodepaktError('wrong_usage', `${source} is the board itself, not a backup`);
  }
}

function copyFile(source: string, draft: string): void {
  if (existsSync(`${source}-wal`)) {
    // Somebody may have it open: SQLite knows what belongs to one moment.
    const db = new Database(source, { ...SETTING_UP, readonly: true });
    try {
      copyDatabase(db, draft);
    } finally {
      db.close();
    }
    return;
  }
  asFileError(draft, () => {
    copyFileSync(source, draft);
    chmodSync(draft, 0o600);
  });
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

function otherProject(source: string, { project: { id, name } }: BoardContent): CodepaktError {
  return new CodepaktError('database_foreign', `${source} is of another project: ${name}, ${id}`, {
    hint: 'If that board is to take the place of this one, say --force.',
  });
}

const OTHERS_HINT =
  'Nothing was changed. `cpk backup --list` shows the backups; CPK_NO_EXAMINATION=1 restores this one all the same.';

/** Brings the copy to the newest version, which can be held against its log, for the project whose place it takes. */
function prepareCopy(
  draft: string,
  { source, id, even_changed = false, clock = systemClock }: RestoredBackup,
): void {
  const db = new Database(draft, SETTING_UP);
  try {
    migrate(db, undefined, { keeps_old: false });
    if (!even_changed) refuseChanged(db, source, OTHERS_HINT);
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
export function tellOfRestore(
  db: Database,
  last: number,
  { last_event_id }: BoardContent,
  { source, agent = HUMAN, clock = systemClock }: RestoredBackup,
): number {
  const id = Math.max(last, last_event_id) + 1;
  insertEvent(db, {
    id,
    task_id: null,
    doc_id: null,
    agent,
    action: 'board_restored',
    version: null,
    detail: JSON.stringify({ from: basename(source), last_event: last_event_id }),
    created_at: timestamp(clock),
  });
  return id;
}
