import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';
import { draftOf, publish } from '../write-file.ts';
import type { Database } from './database.ts';
import { raw } from './raw.ts';

/**
 * Writes a consistent copy beside the database, named after why and when; answers its path. It gets
 * its name when it is whole. Other processes may go on writing meanwhile.
 */
export function backUp(db: Database, why: string, now = new Date()): string {
  const stamp = now.toISOString().replaceAll(/[-:]/g, '').replace('.', '');
  const draft = draftOf(db.file);
  try {
    copyDatabase(db, draft);
    let file = `${db.file}.${why}-${stamp}.bak`;
    for (let n = 2; !publish(draft, file); n++) file = `${db.file}.${why}-${stamp}-${n}.bak`;
    return file;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Writes a consistent copy that only its owner may read, and syncs it to the disk. */
export function copyDatabase(db: Database, file: string): void {
  // SQLite fills an empty file as it is, so nobody else may read the copy for a moment either.
  closeSync(openSync(file, 'wx', 0o600));
  db.run(raw`VACUUM INTO ${file}`);
  sync(file);
}

function sync(file: string): void {
  const descriptor = openSync(file, 'r+');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
