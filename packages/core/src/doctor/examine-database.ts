import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Database } from '../database/database.ts';
import { examineContent, explain } from './database-content.ts';
import { examinePlace, examinePresence, mayRead } from './database-place.ts';
import type { Finding } from './finding.ts';
import { readUntouched } from './read-untouched.ts';

/**
 * Says all that is wrong with a board's database, around it and within, and what mends it. Nothing is
 * changed, however damaged it is. Not for a process that has the board open: it would lose its locks.
 */
export function examineDatabase(file: string, now = Date.now()): Finding[] {
  const backup = newestBackup(file);
  const restore = backup === undefined ? undefined : `cpk restore ${backup}`;
  const absent = examinePresence(file, restore);
  if (absent !== undefined) return [absent];
  const findings = examinePlace(file);
  if (!mayRead(file)) return findings;
  return [...findings, ...lookInside(file, restore ?? restoreAny(file), now)];
}

function lookInside(file: string, restore: string, now: number): Finding[] {
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

/** What `cpk backup` and migrations leave beside a database; their names end with when. */
function newestBackup(file: string): string | undefined {
  const folder = dirname(file);
  try {
    const names = readdirSync(folder).filter(
      (name) => name.startsWith(`${basename(file)}.`) && name.endsWith('.bak'),
    );
    const [newest] = names.sort((a, b) => stampOf(b).localeCompare(stampOf(a)));
    return newest === undefined ? undefined : join(folder, newest);
  } catch {
    return undefined; // no folder, or none that may be read: said elsewhere
  }
}

function stampOf(name: string): string {
  return /-(\d{8}T\d+Z)/.exec(name)?.[1] ?? '';
}

function restoreAny(file: string): string {
  return `bring back a backup of yours: cpk restore FILE; or save what can be read: sqlite3 ${file} .recover`;
}
