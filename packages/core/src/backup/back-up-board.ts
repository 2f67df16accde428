import { existsSync, realpathSync, statSync } from 'node:fs';
import { CodepaktError } from '@codepakt/contract';
import { SETTING_UP } from '../board-file.ts';
import { copyDatabase } from '../database/backup.ts';
import { Database } from '../database/database.ts';
import { versionOfSqlite } from '../database/open-database.ts';
import { requireSafeSqlite } from '../database/safe-sqlite.ts';
import { NewFile } from '../new-file.ts';
import { asFileError } from '../write-file.ts';
import { isBackupName } from './backup-folder.ts';
import {
  type BoardContent,
  knownVersion,
  readContent,
  readThrough,
  refuseChanged,
} from './board-content.ts';

export interface Backup extends BoardContent {
  file: string;
  bytes: number;
}

export interface BackupOptions {
  /** Whether a file of this name may be replaced. */
  replace?: boolean | undefined;
  /** Also of a board that is not what its log of events tells. */
  even_changed?: boolean | undefined;
}

/**
 * Copies a board's database, as it is at one moment, while others may write to it. The copy is read
 * through before it gets its name, and only its owner may read it.
 * @throws CodepaktError `database_damaged`, `database_foreign`, `database_newer`, `wrong_usage` when
 * the name is taken, `file_not_found` when its folder is not there, `disk_full`, `read_only`
 */
export function backUpBoard(
  database: string,
  target: string,
  { replace = false, even_changed = false }: BackupOptions = {},
): Backup {
  refuseDatabase(database, target);
  // The next backup has another name than one that was not finished.
  using file = new NewFile(target, { replace, sweeps: isBackupName });
  const before = copyTo(database, file.draft);
  const content = readCopy(file.draft, target, even_changed ? undefined : database);
  if (content.tasks < before.tasks || content.last_event_id < before.last_event_id) {
    throw new CodepaktError('database_damaged', `the copy of ${database} is not whole`, {
      hint: 'Try again; if it happens again, look for faults of the disk.',
    });
  }
  file.giveName();
  return { file: target, bytes: statSync(target).size, ...content };
}

const DOCTOR_HINT =
  'No backup was made: it would be as damaged. `cpk doctor` says how to go on; CPK_NO_EXAMINATION=1 makes one all the same.';

/** Answers what was in the database just before. */
function copyTo(database: string, draft: string): Omit<BoardContent, 'schema_version'> {
  const db = new Database(database, SETTING_UP);
  try {
    requireSafeSqlite(versionOfSqlite(db));
    knownVersion(db);
    const before = readContent(db);
    asFileError(draft, () => copyDatabase(db, draft));
    return before;
  } finally {
    db.close();
  }
}

function readCopy(draft: string, target: string, held_against: string | undefined): BoardContent {
  const copy = new Database(draft, SETTING_UP);
  try {
    const content = readThrough(copy, target);
    if (held_against !== undefined) refuseChanged(copy, held_against, DOCTOR_HINT);
    return content;
  } finally {
    copy.close();
  }
}

function refuseDatabase(database: string, target: string): void {
  if (!existsSync(target)) return;
  if (!existsSync(`${target}-wal`) && realpathSync(target) !== realpathSync(database)) return;
  throw new CodepaktError('wrong_usage', `${target} is no place for a backup`, {
    hint: 'Name another file.',
  });
}
