import { existsSync } from 'node:fs';
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
  db.run(raw`VACUUM INTO ${file}`);
  return file;
}
