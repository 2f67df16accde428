import { setTimeout as sleep } from 'node:timers/promises';
import { callCpk, cpkEnvironment } from './call-cpk.ts';
import { type Answered, type Claim, type Verb, writeEntry } from './journal.ts';
import { type Random, seededRandom } from './random.ts';

/** What a process of the storm is told when it starts. */
export interface DriverJob {
  name: string;
  seed: number;
  /** The bundled `cpk.js`, and the project's folder. */
  entry: string;
  root: string;
  /** The daemons that it talks to; more than one: each call takes any. */
  daemons: { data_dir: string; port: number }[];
  journal: string;
  lease_seconds: number;
  /** Milliseconds since 1970: whoever is not through by then gives up with this exit code. */
  deadline: number;
}

export const GAVE_UP = 3;

/** How often a call is cut off by `kill -9`, and what becomes of its caller then. */
const CUT_OFF = 0.06;
const THEN_RETRY = 0.4;
const THEN_DIE = 0.3;

/** Somebody who works by calling `cpk`, writes down what happens, and is killed now and then. */
export class Driver {
  readonly job: DriverJob;
  readonly random: Random;
  readonly #isMortal: boolean;
  #calls = 0;
  /** Milliseconds that a call took lately: when to cut one off. */
  #usual = 150;

  constructor(job: DriverJob, { is_mortal }: { is_mortal: boolean }) {
    this.job = job;
    this.random = seededRandom(job.seed);
    this.#isMortal = is_mortal;
  }

  /**
   * One act, as one call of `cpk` and perhaps its retries under the same key.
   * Undefined: it was cut off and its outcome is not known.
   */
  async act(verb: Verb, args: readonly string[], on?: Claim): Promise<Answered | undefined> {
    this.#giveUpInTime();
    const { name: by, journal } = this.job;
    const call = ++this.#calls;
    writeEntry(journal, { kind: 'asked', by, call, verb, on });
    for (;;) {
      const answer = await this.#try(call, args);
      if (answer !== undefined) return answer;
      writeEntry(journal, { kind: 'cut off', by, call });
      if (this.random.chance(THEN_RETRY)) writeEntry(journal, { kind: 'retried', by, call });
      else if (this.#isMortal && this.random.chance(THEN_DIE)) await this.die();
      else return undefined;
    }
  }

  async #try(call: number, args: readonly string[]): Promise<Answered | undefined> {
    const { name: by, entry, root, journal, daemons } = this.job;
    const daemon = daemons[this.random.below(daemons.length)];
    if (daemon === undefined) throw new Error('a driver needs a daemon');
    const changes = !['list', 'status'].includes(args[1] ?? '');
    const { code, stdout, stderr, ms } = await callCpk({
      entry,
      cwd: root,
      env: cpkEnvironment({
        CPK_DATA_DIR: daemon.data_dir,
        CPK_PORT: String(daemon.port),
        CPK_OUTPUT: 'json',
        ...(this.#isMortal ? { CPK_AGENT: by } : {}),
      }),
      args: changes ? [...args, '--key', `${by}:${call}`] : args,
      kill_after_ms: this.random.chance(CUT_OFF)
        ? this.random.next() * this.#usual * 1.2
        : undefined,
    });
    if (code === null) return undefined;
    this.#usual = 0.8 * this.#usual + 0.2 * Math.min(ms, 2_000);
    const answered: Answered = {
      kind: 'answered',
      by,
      call,
      code,
      answer: readJson(stdout),
      error: code === 0 ? undefined : (readJson(stderr) as Answered['error']),
    };
    writeEntry(journal, answered);
    return answered;
  }

  /** Killed as an agent is whose terminal is closed: nothing is tidied up. */
  async die(): Promise<never> {
    writeEntry(this.job.journal, { kind: 'died', by: this.job.name });
    process.kill(process.pid, 'SIGKILL');
    await sleep(60_000);
    throw new Error('still alive');
  }

  #giveUpInTime(): void {
    if (Date.now() > this.job.deadline) process.exit(GAVE_UP);
  }
}

/** Output that is no JSON is kept as it is: the check of the storm reports it. */
function readJson(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return { unreadable: text };
  }
}

/** Resolves with the job that the storm hands to a process it started; ends with that process. */
export function receiveJob(): Promise<DriverJob> {
  process.once('disconnect', () => process.exit(GAVE_UP));
  return new Promise((resolve) => {
    process.once('message', (job) => resolve(job as DriverJob));
  });
}
