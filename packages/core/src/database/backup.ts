import { closeSync, existsSync, fsyncSync, openSync, rmSync } from 'node:fs';
import type { Database } from './database.ts';
import { raw } from './raw.ts';

/**
 * Writes a consistent copy beside the database, named after why and when; answers its path.
 * Other processes may go on writing meanwhile.
 */
export function backUp(db: Database, why: string, now = new Date()): string {
  const stamp = now.toISOString().replaceAll(/[-:]/g, '').replace('.', '');
  let file = `${db.file}.${why}-${stamp}.bak`;
  for (let n = 2; existsSync(file); n++) file = `${db.file}.${why}-${stamp}-${n}.bak`;
  // SQLite fills an empty file as it is, so nobody else may read the copy for a moment either.
  closeSync(openSync(file, 'wx', 0o600));
  try {
    db.run(raw`VACUUM INTO ${file}`);
    sync(file);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  }
  return file;
}

function sync(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
