import { seededRandom } from '../random.ts';
import { type Attempt, Tally } from '../tally.ts';
import { damageFile } from './damage-file.ts';
import { exhaustHandles } from './exhaust-handles.ts';
import { exhaustMemory } from './exhaust-memory.ts';
import { fillDisk } from './fill-disk.ts';
import { jumpClock } from './jump-clock.ts';
import { lockDatabase } from './lock-database.ts';
import { lockHome } from './lock-home.ts';
import { loseWal } from './lose-wal.ts';
import { moveFolder } from './move-folder.ts';
import { turnReadOnly } from './turn-read-only.ts';

export interface MachineOptions {
  /** The bundled `cpk.js`. */
  entry: string;
  seed: number;
  size: Size;
  signal: AbortSignal;
}

/** How much is tried: in `npm test`, by default, and with `--full`. */
export type Size = 'short' | 'usual' | 'full';

/** One thing that a machine does to codepakt. */
export type Mishap = (attempt: Attempt, size: Size) => Promise<void>;

/** Those beside each other mostly wait. */
const MISHAPS: readonly Mishap[] = [
  (attempt, size) => together([lockDatabase, jumpClock], attempt, size),
  fillDisk,
  turnReadOnly,
  loseWal,
  damageFile,
  exhaustHandles,
  exhaustMemory,
  lockHome,
  moveFolder,
];

/** Lets the machine fail in every way that can be made to happen, and looks what codepakt makes of it. */
export async function runMachine({ entry, seed, size, signal }: MachineOptions): Promise<Tally> {
  const tally = new Tally();
  const random = seededRandom(seed);
  for (const mishap of MISHAPS) {
    if (signal.aborted) break;
    const own = seededRandom(random.below(2 ** 31));
    await mishap({ entry, random: own, tally, signal }, size);
  }
  return tally;
}

async function together(mishaps: readonly Mishap[], attempt: Attempt, size: Size): Promise<void> {
  await Promise.all(mishaps.map((mishap) => mishap(attempt, size)));
}
