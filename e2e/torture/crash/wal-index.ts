import { readSync } from 'node:fs';

/** Where the header of a WAL's index says how much was written back (sqlite.org/walformat.html). */
const DONE = 96;
const ATTEMPTED = 128;

/** Whether a checkpoint was begun and has not ended; `descriptor` is of an `-shm` file. */
export function isCheckpointing(descriptor: number): boolean {
  const header = Buffer.alloc(ATTEMPTED + 4);
  readSync(descriptor, header, 0, header.length, 0);
  return header.readUInt32LE(ATTEMPTED) > header.readUInt32LE(DONE);
}
