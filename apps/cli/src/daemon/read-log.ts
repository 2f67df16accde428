import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodepaktError } from '@codepakt/contract/light';
import { interrupted } from '../context.ts';

const LOOK_MS = 200;
/** No more than that is read to find the last lines. */
const TAIL_BYTES = 4_194_304;

/**
 * The last lines of the server's log; with a signal also what is written from then on, until it
 * aborts. A log that is rotated meanwhile is read on in the new file.
 * @throws CodepaktError `file_not_found` when there is no log yet
 */
export async function* readLog(
  data_dir: string,
  lines: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, void, undefined> {
  const file = join(data_dir, 'server.log');
  let log = openLog(file);
  try {
    const start = Math.max(0, fstatSync(log).size - TAIL_BYTES);
    let { found, end } = readLines(log, start);
    // The first one may have lost its beginning.
    if (start > 0) found.shift();
    yield* lines === 0 ? [] : found.slice(-lines);
    while (signal !== undefined) {
      await sleep(LOOK_MS, undefined, { signal }).catch(() => {
        throw interrupted();
      });
      ({ found, end } = readLines(log, end));
      yield* found;
      if (found.length === 0 && wasReplaced(file, log)) {
        closeSync(log);
        log = openLog(file);
        end = 0;
      }
    }
  } finally {
    closeSync(log);
  }
}

/** The whole lines from a place on, and where they end. */
function readLines(log: number, from: number): { found: string[]; end: number } {
  const bytes = Buffer.alloc(Math.max(0, fstatSync(log).size - from));
  const length = readSync(log, bytes, 0, bytes.length, from);
  const whole = bytes.subarray(0, length).lastIndexOf(10) + 1;
  const found = bytes.toString('utf8', 0, whole).split('\n');
  found.pop();
  return { found, end: from + whole };
}

function wasReplaced(file: string, log: number): boolean {
  const now = statSync(file, { throwIfNoEntry: false });
  return now !== undefined && now.ino !== fstatSync(log).ino;
}

function openLog(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new CodepaktError('file_not_found', 'the server has written no log yet', { cause });
  }
}
