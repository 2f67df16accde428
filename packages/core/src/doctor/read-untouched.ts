import { readFileSync, statSync } from 'node:fs';

/** Larger databases are not read into memory, and opening them may leave an empty -wal and -shm file. */
const MOST_BYTES = 1_073_741_824;

/**
 * A database's bytes, to be opened in memory: opening the file itself would make files beside it,
 * even to read it, and be refused where that is not allowed. Undefined when they don't hold all
 * of it, because the rest is in a write-ahead log; then the file may be opened to be read, for those
 * files are there already.
 */
export function readUntouched(file: string): Uint8Array | undefined {
  const stat = statSync(file);
  // A pipe, or a device that a link leads to, would never end.
  if (!stat.isFile() || stat.size > MOST_BYTES || hasLog(file)) return undefined;
  const bytes = readFileSync(file);
  // Changes go to the log first: without one, nobody has changed the file meanwhile.
  if (hasLog(file)) return undefined;
  const isSqlite = bytes.toString('latin1', 0, 15) === 'SQLite format 3';
  // In memory there is no log; that the file has one stands in these two bytes (sqlite.org/fileformat2.html).
  if (isSqlite && bytes.length > 19) bytes.fill(1, 18, 20);
  return bytes;
}

function hasLog(file: string): boolean {
  return (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
