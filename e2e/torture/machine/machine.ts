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
  /** Just these; left out: all. */
  only?: readonly string[] | undefined;
  signal: AbortSignal;
}

/** How much is tried: in `npm test`, by default, and with `--full`. */
export type Size = 'short' | 'usual' | 'full';

/** One thing that a machine does to codepakt. */
export type Mishap = (attempt: Attempt, size: Size) => Promise<void>;

const MISHAPS: Readonly<Record<string, Mishap>> = {
  // These two mostly wait.
  'lock,clock': (attempt, size) => together([lockDatabase, jumpClock], attempt, size),
  disk: fillDisk,
  'read-only': turnReadOnly,
  wal: loseWal,
  damage: damageFile,
  handles: exhaustHandles,
  memory: exhaustMemory,
  home: lockHome,
  move: moveFolder,
};

/** Lets the machine fail in every way that can be made to happen, and looks what codepakt makes of it. */
export async function runMachine(options: MachineOptions): Promise<Tally> {
  const { entry, seed, size, only, signal } = options;
  const tally = new Tally();
  const random = seededRandom(seed);
  for (const [names, mishap] of Object.entries(MISHAPS)) {
    const own = seededRandom(random.below(2 ** 31));
    const isWanted = only === undefined || names.split(',').some((name) => only.includes(name));
    if (signal.aborted || !isWanted) continue;
    await mishap({ entry, random: own, tally, signal }, size);
  }
  return tally;
}

async function together(mishaps: readonly Mishap[], attempt: Attempt, size: Size): Promise<void> {
  await Promise.all(mishaps.map((mishap) => mishap(attempt, size)));
}
