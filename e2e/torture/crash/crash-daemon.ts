import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Random, seededRandom } from '../random.ts';
import { Site, type SpawnedDaemon } from '../site.ts';
import type { Attempt } from '../tally.ts';
import { checkBoard, checkReplay } from './check-board.ts';
import { runClient } from './clients.ts';
import { Ledger } from './ledger.ts';
import { isCheckpointing } from './wal-index.ts';

/** When a daemon is killed: what comes before it, and how that is called. */
export interface Moment {
  name: string;
  /** Returns when the daemon was told to die. */
  strike(daemon: SpawnedDaemon, site: Site, random: Random): Promise<void>;
}

const KILLER = fileURLToPath(new URL('./kill-in-checkpoint.ts', import.meta.url));
const CLIENTS = 8;
/** A board is given up after so many rounds: the whole of it is looked at after each. */
const ROUNDS = 15;
/** Requests that were answered before a kill and are sent again after it. */
const REPEATED = 5;

/** Kills the daemon while clients work, starts it anew, and looks each time whether all is there. */
export async function crashDaemon(attempt: Attempt, moment: Moment, times: number): Promise<void> {
  for (let left = times; left > 0 && !attempt.signal.aborted; left -= ROUNDS) {
    await crashBoard(attempt, moment, Math.min(left, ROUNDS));
  }
}

async function crashBoard(attempt: Attempt, moment: Moment, rounds: number): Promise<void> {
  const { entry, random, tally, signal } = attempt;
  await using site = await Site.open({ entry });
  const ledger = new Ledger();
  for (let round = 1; round <= rounds && !signal.aborted; round++) {
    if (moment === AT_START) await killStarting(site, random);
    const daemon = await site.startDaemon();
    const api = site.api(daemon);
    await ledger.askAgain(api, REPEATED);
    const clients = Array.from({ length: CLIENTS }, (_, index) => {
      const own = seededRandom(random.below(2 ** 31));
      return runClient({ api, ledger, random: own, name: `c${round}.${index}`, signal });
    });
    await moment.strike(daemon, site, random);
    await Promise.all([...clients, daemon.ended]);
    tally.count(`killed: daemon ${moment.name}`, moment === AT_START ? 2 : 1);
    if (moment === IN_CHECKPOINT)
      tally.count('… in the middle of one', diedInCheckpoint(site) ? 1 : 0);
    const { faults, unheard } = checkBoard(site.copyBoard(), ledger);
    tally.count('changes that nobody heard of', unheard);
    tally.blame(`kill ${round} ${moment.name}`, faults);
  }
  await finish(site, ledger);
  tally.blame(moment.name, [
    ...ledger.faults,
    ...checkBoard(site.board, ledger).faults,
    ...checkReplay(site.board),
  ]);
  tally.count('answers held against the board', ledger.answers);
  tally.count('requests sent again, their answer lost', ledger.retries);
  tally.count('requests sent again, though answered', ledger.repeats);
}

/** After the last kill: everything is asked again, and the daemon ends in order. */
async function finish(site: Site, ledger: Ledger): Promise<void> {
  const daemon = await site.startDaemon();
  await ledger.askAgain(site.api(daemon), REPEATED);
  daemon.kill('SIGTERM');
  const { code, stderr } = await daemon.ended;
  if (code !== 0) ledger.faults.push(`the daemon ended with ${code}: ${stderr}`);
}

export const UNDER_LOAD: Moment = {
  name: 'under load',
  async strike(daemon, _, random) {
    await sleep(random.below(350));
    daemon.kill('SIGKILL');
  },
};

/** While the WAL is written back. */
export const IN_CHECKPOINT: Moment = {
  name: 'at a checkpoint',
  async strike({ pid }, { board }) {
    const killer = spawn(process.execPath, [KILLER, String(pid), `${board}-shm`], {
      stdio: 'inherit',
    });
    await once(killer, 'exit');
  },
};

export const AT_STOP: Moment = {
  name: 'while it stops',
  async strike(daemon, _, random) {
    await sleep(50 + random.below(100));
    daemon.kill('SIGTERM');
    await sleep(random.below(40));
    daemon.kill('SIGKILL');
  },
};

/** Killed twice: before it serves, and a moment after. */
export const AT_START: Moment = {
  name: 'while it starts',
  async strike(daemon, _, random) {
    await sleep(random.below(30));
    daemon.kill('SIGKILL');
  },
};

async function killStarting(site: Site, random: Random): Promise<void> {
  const child = site.spawn(['server', 'run']);
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.stderr?.resume();
  await sleep(random.below(300));
  child.kill('SIGKILL');
  await ended;
}

function diedInCheckpoint({ board }: Site): boolean {
  const descriptor = openSync(`${board}-shm`, 'r');
  try {
    return isCheckpointing(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
