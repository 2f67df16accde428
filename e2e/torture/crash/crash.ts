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
  /** Just these kinds; left out: all. */
  only?: readonly string[] | undefined;
  signal: AbortSignal;
}

interface Kind {
  name: string;
  /** How often, in the whole. */
  times: number;
  crash(attempt: Attempt, times: number): Promise<void>;
}

const KINDS: readonly Kind[] = [
  { name: 'load', times: 300, crash: (attempt, times) => crashDaemon(attempt, UNDER_LOAD, times) },
  {
    name: 'checkpoint',
    times: 50,
    crash: (attempt, times) => crashDaemon(attempt, IN_CHECKPOINT, times),
  },
  { name: 'stop', times: 30, crash: (attempt, times) => crashDaemon(attempt, AT_STOP, times) },
  { name: 'start', times: 20, crash: (attempt, times) => crashDaemon(attempt, AT_START, times) },
  { name: 'call', times: 60, crash: crashCalls },
  { name: 'scan', times: 60, crash: crashScan },
  { name: 'migration', times: 40, crash: crashMigration },
  { name: 'archive', times: 20, crash: crashArchive },
  { name: 'twice', times: 50, crash: startTwice },
];

/** Kills what codepakt consists of by `kill -9`, again and again, and looks each time for what is lost. */
export async function runCrash(options: CrashOptions): Promise<Tally> {
  const { entry, seed, share, only, signal } = options;
  const tally = new Tally();
  const random = seededRandom(seed);
  for (const { name, times, crash } of KINDS) {
    // Each with numbers of its own, so that the one does not change the other.
    const own = seededRandom(random.below(2 ** 31));
    if (only?.includes(name) === false) continue;
    await crash({ entry, random: own, tally, signal }, Math.ceil(times * share));
  }
  return tally;
}
