import { DatabaseSync } from 'node:sqlite';

/**
 * What is wrong with a database file, read by Node's own SQLite, which is another copy than the one
 * that wrote it; a sentence each.
 */
export function unsoundness(file: string): string[] {
  const sqlite = new DatabaseSync(file, { readOnly: true });
  try {
    const integrity = sqlite.prepare('PRAGMA integrity_check').all();
    const orphans = sqlite.prepare('PRAGMA foreign_key_check').all();
    return [
      ...integrity.map((row) => String(row.integrity_check)).filter((line) => line !== 'ok'),
      ...orphans.map((row) => `a reference leads nowhere: ${JSON.stringify(row)}`),
    ];
  } finally {
    sqlite.close();
  }
}
