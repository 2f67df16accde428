import { seededRandom } from '../random.ts';
import { type Attempt, Tally } from '../tally.ts';
import { crashArchive } from './crash-archive.ts';
import { crashCalls } from './crash-calls.ts';
import { AT_START, AT_STOP, crashDaemon, IN_CHECKPOINT, UNDER_LOAD } from './crash-daemon.ts';
import { crashMigration } from './crash-migration.ts';
import { crashScan } from './crash-scan.ts';
import { startTwice } from './start-twice.ts';

export interface CrashOptions {
  /** The bundled `cpk.js`. */
  entry: string;
  seed: number;
  /** How often, as a part of the whole figures; each kind is tried once at least. */
  share: number;
  signal: AbortSignal;
}

/** What is killed, and how often in the whole. */
const KINDS: readonly [times: number, crash: (attempt: Attempt, times: number) => Promise<void>][] =
  [
    [300, (attempt, times) => crashDaemon(attempt, UNDER_LOAD, times)],
    [50, (attempt, times) => crashDaemon(attempt, IN_CHECKPOINT, times)],
    [30, (attempt, times) => crashDaemon(attempt, AT_STOP, times)],
    [20, (attempt, times) => crashDaemon(attempt, AT_START, times)],
    [60, crashCalls],
    [60, crashScan],
    [40, crashMigration],
    [20, crashArchive],
    [50, startTwice],
  ];

/** Kills what codepakt consists of by `kill -9`, again and again, and looks each time for what is lost. */
export async function runCrash({ entry, seed, share, signal }: CrashOptions): Promise<Tally> {
  const tally = new Tally();
  const random = seededRandom(seed);
  for (const [times, crash] of KINDS) {
    // Each with numbers of its own, so that the one does not change the other.
    const own = seededRandom(random.below(2 ** 31));
    await crash({ entry, random: own, tally, signal }, Math.ceil(times * share));
  }
  return tally;
}
