import { readSync } from 'node:fs';

/** Where the header of a WAL's index says how many frames there are, and how many were written back (sqlite.org/walformat.html). */
const FRAMES = 16;
const DONE = 96;
const ATTEMPTED = 128;

/** Whether a checkpoint was begun and has not ended; `descriptor` is of an `-shm` file. */
export function isCheckpointing(descriptor: number): boolean {
  const header = readHeader(descriptor);
  return header.readUInt32LE(ATTEMPTED) > header.readUInt32LE(DONE);
}

/** Whether everything was written back. */
export function isWrittenBack(descriptor: number): boolean {
  const header = readHeader(descriptor);
  return header.readUInt32LE(DONE) === header.readUInt32LE(FRAMES);
}

function readHeader(descriptor: number): Buffer {
  const header = Buffer.alloc(ATTEMPTED + 4);
  readSync(descriptor, header, 0, header.length, 0);
  return header;
}
