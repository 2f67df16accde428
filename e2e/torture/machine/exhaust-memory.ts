import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkIndex, writeFiles } from '../crash/crash-scan.ts';
import { endingOf, Site } from '../site.ts';
import type { Attempt } from '../tally.ts';
import type { Size } from './machine.ts';

/** Megabytes of heap, from what is too little to start to what is enough. */
const HEAPS: Record<Size, readonly number[]> = {
  short: [12],
  usual: [8, 12, 16, 24, 32],
  full: Array.from({ length: 12 }, (_, index) => 8 + 2 * index),
};
const LARGE_FILES = 3;
const DECLARATIONS = 9_000;

/**
 * Scans that get too little memory, in the main thread or in one that parses: they end with a
 * reason, and the index is the one before.
 */
export async function exhaustMemory(attempt: Attempt, size: Size): Promise<void> {
  const { entry, tally, signal } = attempt;
  const what = 'scan without memory';
  await using site = await Site.open({ entry });
  writeFiles(site.root, 0);
  await site.answer(['scan']);
  writeLargeFiles(site.root);
  let scans = 0;
  for (const heap of HEAPS[size]) {
    if (signal.aborted) return;
    writeFiles(site.root, ++scans);
    const env = { NODE_OPTIONS: `--max-old-space-size=${heap}` };
    const {
      code,
      signal: killedBy,
      stderr,
    } = await endingOf(site.spawn(['scan', '--full'], { env }));
    tally.count('scans with too little memory');
    tally.count('… that ended by it', code === 0 ? 0 : 1);
    // Node itself ends a process whose main thread has too little, and says so.
    const reason = killedBy === null ? 'The scan ran out of memory' : 'heap out of memory';
    const isTold = code === 0 || stderr.includes(reason);
    tally.expect(what, isTold, `${heap} MB, exit ${code}: ${stderr.slice(-600)}`);
    tally.blame(what, checkIndex(site, [code === 0 ? scans : scans - 1]));
    await site.answer(['scan']);
  }
}

/** Each is parsed by a thread, and is all symbols. */
function writeLargeFiles(root: string): void {
  mkdirSync(join(root, 'large'), { recursive: true });
  const lines = Array.from({ length: DECLARATIONS }, (_, n) => `export const value${n} = ${n};\n`);
  for (let file = 0; file < LARGE_FILES; file++) {
    writeFileSync(join(root, 'large', `file${file}.ts`), lines.join(''));
  }
}
