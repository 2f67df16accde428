import {
  closeSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabaseFile } from '../../../packages/core/src/index.ts';
import { checkBoard, checkReplay } from '../crash/check-board.ts';
import { Ledger } from '../crash/ledger.ts';
import { isWrittenBack } from '../crash/wal-index.ts';
import type { Random } from '../random.ts';
import { Site } from '../site.ts';
import { unsoundness } from '../soundness.ts';
import type { Attempt } from '../tally.ts';
import type { Size } from './machine.ts';

const TIMES: Record<Size, number> = { short: 1, usual: 4, full: 30 };
const CHANGES = 40;

/** What becomes of the files beside a database whose daemon was killed. */
type Mishap = readonly [name: string, happen: (board: string, random: Random) => void];
const MISHAPS: readonly [Mishap, ...Mishap[]] = [
  ['-shm deleted', (board) => rmSync(`${board}-shm`)],
  ['-shm cut off', (board, random) => truncateSync(`${board}-shm`, random.below(32_768))],
  ['-shm full of noise', (board, random) => scramble(`${board}-shm`, random)],
];

/** What becomes of a WAL that nobody has open: SQLite takes for its end what it can't read. */
const LOSSES: readonly [Mishap, ...Mishap[]] = [
  ['-wal deleted', (board) => rmSync(`${board}-wal`)],
  ['-wal with a byte flipped', (board, random) => flipByte(`${board}-wal`, random)],
  [
    '-wal cut off',
    (board, random) => truncateSync(`${board}-wal`, random.below(statSync(`${board}-wal`).size)),
  ],
];

/** What is taken away under a running daemon. */
const TAKEN = [['-wal'], ['-shm'], ['-wal', '-shm']] as const;

/**
 * Deletes or damages the files beside a database: the index of the WAL is made anew from it, and
 * nothing is lost; a WAL that can't be read is left out from where on it can't. A WAL that is taken away under a running daemon is noticed before anything more
 * is written into it, and what it held is there.
 */
export async function loseWal(attempt: Attempt, size: Size): Promise<void> {
  const { random, signal } = attempt;
  for (let round = 1; round <= TIMES[size] && !signal.aborted; round++) {
    const [name, happen] = MISHAPS[random.below(MISHAPS.length)] ?? MISHAPS[0];
    await afterKill(attempt, name, happen);
    await underDaemon(attempt, TAKEN[random.below(TAKEN.length)] ?? TAKEN[0]);
    await withDamagedWal(attempt, LOSSES[random.below(LOSSES.length)] ?? LOSSES[0]);
  }
}

async function afterKill(
  { entry, random, tally }: Attempt,
  name: string,
  happen: (board: string, random: Random) => void,
): Promise<void> {
  await using site = await Site.open({ entry });
  const ledger = new Ledger();
  const daemon = await site.startDaemon();
  await change(site.api(daemon), ledger);
  daemon.kill('SIGKILL');
  await daemon.ended;
  happen(site.board, random);
  const next = await site.startDaemon();
  await ledger.askAgain(site.api(next), CHANGES);
  await change(site.api(next), ledger);
  next.kill('SIGTERM');
  await next.ended;
  tally.count(`${name} after a kill`);
  tally.blame(name, [...ledger.faults, ...checkBoard(site.board, ledger).faults]);
}

async function underDaemon({ entry, tally }: Attempt, names: readonly string[]): Promise<void> {
  const what = `${names.join(' and ')} deleted under a running daemon`;
  await using site = await Site.open({ entry });
  const ledger = new Ledger();
  const daemon = await site.startDaemon();
  await change(site.api(daemon), ledger);
  for (const name of names) rmSync(site.board + name);
  await change(site.api(daemon), ledger);
  // Its second: what it does by itself comes then.
  await sleep(1_100);
  await change(site.api(daemon), ledger);
  daemon.kill('SIGKILL');
  await daemon.ended;
  const next = await site.startDaemon();
  await ledger.askAgain(site.api(next), 3 * CHANGES);
  next.kill('SIGTERM');
  await next.ended;
  tally.count(what);
  tally.blame(what, [...ledger.faults, ...checkBoard(site.board, ledger).faults]);
}

/** What was written back is there, and of the rest as much as can be read, from the first on; nothing is half there. */
async function withDamagedWal(
  { entry, random, tally }: Attempt,
  [name, happen]: Mishap,
): Promise<void> {
  await using site = await Site.open({ entry });
  const ledger = new Ledger();
  const daemon = await site.startDaemon();
  await change(site.api(daemon), ledger);
  await writtenBack(site.board);
  await change(site.api(daemon), ledger);
  daemon.kill('SIGKILL');
  await daemon.ended;
  happen(site.board, random);
  const found = titlesIn(site.board);
  tally.count(`${name} after a kill`);
  tally.count('… with it, changes of the last second lost', 2 * CHANGES - found.length);
  tally.expect(name, found.length >= CHANGES, `${found.length} changes left of ${2 * CHANGES}`);
  const isFromFirst = found.every((title, index) => title === `wal:${index}`);
  tally.expect(name, isFromFirst, `there are changes without those before them: ${found}`);
  tally.blame(name, [...ledger.faults, ...unsoundness(site.board), ...checkReplay(site.board)]);
}

/** Resolves when all that the WAL holds is in the database, which the daemon sees to every second. */
async function writtenBack(board: string): Promise<void> {
  const descriptor = openSync(`${board}-shm`, 'r');
  while (!isWrittenBack(descriptor)) await sleep(50);
  closeSync(descriptor);
}

function titlesIn(board: string): string[] {
  using project = openDatabaseFile(board);
  const { items } = project.tasks.list({ limit: 500, sort: 'id', all: true, fields: ['title'] });
  return items.map(({ title }) => title ?? '');
}

async function change(api: string, ledger: Ledger): Promise<void> {
  const from = ledger.all.size;
  for (let number = from; number < from + CHANGES; number++) {
    const key = `wal:${number}`;
    const body = { title: key, description: 'x'.repeat(500) };
    await ledger.ask(api, { key, method: 'POST', path: '/tasks', agent: undefined, body });
  }
}

function scramble(file: string, random: Random): void {
  writeFileSync(
    file,
    readFileSync(file).map(() => random.below(256)),
  );
}

function flipByte(file: string, random: Random): void {
  const bytes = readFileSync(file);
  const at = random.below(bytes.length);
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 + random.below(255)), at);
  writeFileSync(file, bytes);
}
