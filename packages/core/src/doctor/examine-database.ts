import { existsSync } from 'node:fs';
import { Database } from '../database/database.ts';
import { examineContent, explain } from './database-content.ts';
import { examinePlace, examinePresence, mayRead } from './database-place.ts';
import { type Finding, quoted } from './finding.ts';
import { readUntouched } from './read-untouched.ts';
import { firstWhole, isIntact } from './whole-backup.ts';

export interface ExamineOptions {
  /** What could be brought back, the newest first; those that are damaged are passed over. */
  backups?: readonly string[];
  /** Whose board it is, and so whose backups. */
  id?: string | undefined;
  /** What codepakt 0.1 or 0.2 wrote and this board was made of, which no restore takes. */
  legacy?: string | undefined;
  now?: number;
}

/**
 * Says all that is wrong with a board's database, around it and within, and what mends it. Nothing is
 * changed, however damaged it is. Not for a process that has the board open: it would lose its locks.
 */
export function examineDatabase(
  file: string,
  { backups = [], id, legacy, now = Date.now() }: ExamineOptions = {},
): Finding[] {
  const restore = () => {
    const backup = firstWhole(backups, id);
    if (backup !== undefined) return `cpk restore ${quoted(backup)}`;
    return legacy !== undefined && isIntact(legacy) ? carryOverAgain(file, legacy) : undefined;
  };
  const absent = examinePresence(file, restore);
  if (absent !== undefined) return [absent];
  const findings = examinePlace(file);
  if (!mayRead(file)) return findings;
  return [...findings, ...lookInside(file, () => restore() ?? restoreAny(file), now)];
}

function lookInside(file: string, restore: () => string, now: number): Finding[] {
  let db: Database | undefined;
  try {
    db = new Database(file, {
      busy_timeout_ms: 2_000,
      auto_checkpoint: false,
      readonly: true,
      bytes: readUntouched(file),
    });
    return examineContent(db, restore, now);
  } catch (error) {
    return [explain(error, restore)];
  } finally {
    db?.close();
  }
}

/** What lies there is put aside, with its write-ahead log, which would be taken for the old one's. */
function carryOverAgain(file: string, legacy: string): string {
  const aside = quoted(`${file}.damaged`);
  const move = existsSync(file) ? `mv ${quoted(file)} ${aside} && ` : '';
  const rest = `mv ${quoted(`${file}-wal`)} ${quoted(`${file}-shm`)} ${aside}`;
  const put = `cp ${quoted(legacy)} ${quoted(file)}`;
  return `bring back the board as it was carried over: cpk server stop; mkdir ${aside} && ${move}(${rest}; ${put}) && cpk init`;
}

/** The export also tells what is not what was written; an import takes it for what is. */
function restoreAny(file: string): string {
  const aside = quoted(`${file}.damaged`);
  return `bring back a backup of your own: cpk restore FILE; or make a new board of what can be read: CPK_NO_EXAMINATION=1 cpk server restart; cpk board export saved.jsonl && cpk server stop && mv ${quoted(file)} ${aside} && cpk init && cpk board import saved.jsonl; if that fails: sqlite3 ${quoted(file)} .recover`;
}
