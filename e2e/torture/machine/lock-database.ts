import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Site } from '../site.ts';
import type { Attempt } from '../tally.ts';
import { inWords, type Said, send } from './api.ts';
import type { Size } from './machine.ts';

/** Longer than the daemon tries, which is 5 s. */
const SECONDS: Record<Size, number> = { short: 7, usual: 15, full: 60 };

/** Another process, with the write lock of one board in its hand. */
const HOLDER = `
  const { DatabaseSync } = require('node:sqlite');
  const sqlite = new DatabaseSync(process.argv[1]);
  sqlite.exec('BEGIN IMMEDIATE');
  process.stdout.write('locked');
  setInterval(() => {}, 1000);
`;

/**
 * Another process locks one board for up to a minute: who wants to write there is told so in time,
 * reading goes on, and so does every other board of the same daemon.
 */
export async function lockDatabase(attempt: Attempt, size: Size): Promise<void> {
  const { entry, tally } = attempt;
  await using site = await Site.open({ entry });
  await using other = await site.beside();
  const daemon = await site.startDaemon();
  const locked = site.api(daemon);
  const free = other.api(daemon);
  await send(`${locked}/tasks`, { body: { title: 'before' } });
  const holder = await holdLock(site.board);
  const until = performance.now() + SECONDS[size] * 1_000;
  const writes: Said[] = [];
  const reads: Said[] = [];
  const others: Said[] = [];
  const goOn = async (said: Said[], act: () => Promise<Said>) => {
    while (performance.now() < until) said.push(await act());
  };
  await Promise.all([
    goOn(writes, () => send(`${locked}/tasks`, { body: { title: 'while locked' } })),
    goOn(reads, () => send(`${locked}/board`)),
    goOn(others, () => send(`${free}/tasks`, { body: { title: 'beside' } })),
  ]);
  holder.kill('SIGKILL');
  const after = await send(`${locked}/tasks`, { body: { title: 'after' } });
  const what = 'locked board';
  for (const said of writes)
    tally.expect(what, said.status === 503 && said.code === 'busy', inWords(said));
  for (const said of reads) tally.expect(what, said.status === 200, `reading: ${inWords(said)}`);
  for (const said of others) tally.expect(what, said.status === 201, `beside: ${inWords(said)}`);
  tally.expect(what, after.status === 201, `afterwards: ${inWords(after)}`);
  tally.count('locked board: seconds', SECONDS[size]);
  tally.count('locked board: writes refused as busy', writes.length);
  tally.count('locked board: slowest refusal, ms', slowest(writes));
  tally.count('locked board: reads answered', reads.length);
  tally.count('locked board: writes to another board', others.length);
  tally.count('locked board: slowest of those, ms', slowest(others));
}

async function holdLock(file: string): Promise<ChildProcess> {
  const holder = spawn(process.execPath, ['-e', HOLDER, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  return holder;
}

function slowest(said: readonly Said[]): number {
  return Math.round(Math.max(...said.map(({ ms }) => ms)));
}
