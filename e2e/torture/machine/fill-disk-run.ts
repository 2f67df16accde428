// Runs on a small disk, see fill-disk.ts.
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CodepaktError } from '../../../packages/contract/src/index.ts';
import { initProject, openDatabaseFile, type Project } from '../../../packages/core/src/index.ts';
import { checkBoard, checkReplay } from '../crash/check-board.ts';
import { checkIndex, writeFiles } from '../crash/crash-scan.ts';
import { Ledger, Refusal } from '../crash/ledger.ts';
import { type Random, seededRandom } from '../random.ts';
import { Site } from '../site.ts';
import { unsoundness } from '../soundness.ts';
import type { Tally } from '../tally.ts';
import { inWords, send } from './api.ts';
import type { Size } from './machine.ts';
import { type DiskJob, fillUp, runOnDisk } from './small-disk.ts';

/** How far apart the sizes of the disk are that are tried; a page of SQLite and of the disk is 4 KiB. */
const STEP_KIB: Record<Size, number> = { short: 256, usual: 16, full: 4 };
const INIT_STEP_KIB: Record<Size, number> = { short: 32, usual: 4, full: 4 };
const DAEMON_ROUNDS: Record<Size, number> = { short: 1, usual: 6, full: 30 };
const CALLS: Record<Size, number> = { short: 1, usual: 6, full: 30 };
const PROSE = 'what is to be done, and how one knows. '.repeat(60);

/** The board itself, on disks with room for ever one page more, until the whole run fits. */
function fillBoard({ disk, size }: DiskJob, { board }: Site, tally: Tally): void {
  const folder = join(board, '..');
  const kept = join(disk, '..', 'kept');
  cpSync(folder, kept, { recursive: true });
  for (let left_kib = 0; ; left_kib += STEP_KIB[size]) {
    rmSync(folder, { recursive: true });
    cpSync(kept, folder, { recursive: true });
    const free = fillUp(disk, left_kib);
    const refused = runOnce(board, free);
    tally.count('disk full: runs, each with a little more room');
    tally.count('disk full: changes refused', refused.count);
    tally.blame(`disk with ${left_kib} KiB`, [
      ...refused.faults,
      ...unsoundness(board),
      ...checkReplay(board),
    ]);
    if (refused.count === 0 || refused.faults.length > 0) return;
  }
}

/** A new project, on disks with room for ever one page more, until it fits. */
function fillNewProject({ disk, size }: DiskJob, tally: Tally): void {
  const what = 'new project on a full disk';
  const root = join(disk, 'new');
  const data_dir = join(disk, 'new-data');
  for (let left_kib = 0, isMade = false; !isMade; left_kib += INIT_STEP_KIB[size]) {
    mkdirSync(root);
    const free = fillUp(disk, left_kib);
    try {
      initProject(root, { data_dir });
      isMade = true;
    } catch (error) {
      const isTold = error instanceof CodepaktError && error.code === 'disk_full';
      tally.expect(what, isTold, `not told as a full disk, with ${left_kib} KiB: ${error}`);
      tally.expect(what, !existsSync(join(root, '.codepakt')), 'something half made stayed behind');
    }
    free();
    tally.count('disk full: new projects, each with a little more room');
    try {
      initProject(root, { data_dir });
      tally.blame(what, unsoundness(join(root, '.codepakt/data.db')));
    } catch (error) {
      tally.blame(what, [`not made afterwards: ${error}`]);
    }
    for (const folder of [root, data_dir]) rmSync(folder, { recursive: true });
  }
}

/** A run of changes; those that are refused are made again when there is room, on the same connection. */
function runOnce(board: string, free: () => void): { count: number; faults: string[] } {
  const faults: string[] = [];
  const left = [...CHANGES];
  let count = 0;
  let project: Project | undefined;
  const attempt = (change: (project: Project) => unknown): boolean => {
    try {
      project ??= openDatabaseFile(board);
      change(project);
      return true;
    } catch (error) {
      const isTold = error instanceof CodepaktError && error.code === 'disk_full';
      if (!isTold) faults.push(`not told as a full disk: ${error}`);
      count++;
      return false;
    }
  };
  // One after the other, since each builds on the one before.
  while (left[0] !== undefined && attempt(left[0])) left.shift();
  free();
  for (const change of left) {
    if (!attempt(change)) faults.push('refused though there was room');
  }
  const total = project?.board.status().total;
  if (total !== ADDED) faults.push(`${total} tasks instead of ${ADDED}`);
  project?.close();
  return { count, faults };
}

const SINGLES = 12;
const BATCH = 20;
const ADDED = SINGLES + BATCH;

/** Everything that a board is written by. */
const CHANGES: readonly ((project: Project) => unknown)[] = [
  ({ tasks }) =>
    tasks.createBatch(
      Array.from({ length: BATCH }, (_, n) => ({ title: `batch ${n}`, description: PROSE })),
    ),
  ...Array.from(
    { length: SINGLES },
    (_, n) =>
      ({ tasks }: Project) =>
        tasks.create({ title: `task ${n}`, description: PROSE }),
  ),
  ({ tasks }) => tasks.pickUp({ agent: 'ada' }),
  ({ tasks }) => tasks.note('T-001', { body: PROSE, agent: 'ada' }),
  ({ docs }) => docs.create({ type: 'learning', title: 'a doc', body: PROSE }),
  (project) => project.checkpoint(),
  ({ tasks }) => tasks.done('T-001', { agent: 'ada', note: 'done' }),
  ({ tasks }) => tasks.approve('T-001'),
  (project) =>
    project.write(() =>
      project.once('key', 'print', () => project.update({ description: 'one board' })),
    ),
  (project) => project.tick(),
];

/** The daemon, whose disk fills up and is freed again while it works. */
async function fillDaemon(
  { disk, size }: DiskJob,
  site: Site,
  random: Random,
  tally: Tally,
): Promise<void> {
  const what = 'disk full under the daemon';
  const daemon = await site.startDaemon();
  const api = site.api(daemon);
  const ledger = new Ledger({ may_refuse: ['disk_full'] });
  // A board that is open is read also on a full disk; opening one needs room for the index of its WAL.
  await send(`${api}/board`);
  for (let round = 1; round <= DAEMON_ROUNDS[size]; round++) {
    const free = fillUp(disk, random.below(40) * 4);
    while (ledger.refusals < 5 * round) {
      const key = `disk:${ledger.all.size}`;
      const body = { title: key, description: PROSE };
      try {
        await ledger.ask(api, { key, method: 'POST', path: '/tasks', agent: undefined, body });
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    }
    const read = await send(`${api}/board`);
    tally.expect(what, read.status === 200, `reading: ${inWords(read)}`);
    free();
    await ledger.askAgain(api, 5);
    tally.count('disk full under a working daemon, and freed again');
  }
  daemon.kill('SIGTERM');
  await daemon.ended;
  tally.count('disk full: requests refused', ledger.refusals);
  tally.count('answers held against the board', ledger.answers);
  tally.blame(what, [
    ...ledger.faults,
    ...checkBoard(site.board, ledger).faults,
    ...checkReplay(site.board),
  ]);
}

/** Calls of `cpk` that have no daemon to ask: a scan, a new project, a daemon's start. */
async function fillCalls(
  { disk, size }: DiskJob,
  site: Site,
  random: Random,
  tally: Tally,
): Promise<void> {
  // Where SQLite keeps what it sorts and stages is on the full disk too.
  process.env.SQLITE_TMPDIR = disk;
  writeFiles(site.root, 0);
  await site.answer(['scan']);
  for (let round = 1; round <= CALLS[size]; round++) {
    writeFiles(site.root, round);
    const folder = join(disk, `new-${round}`);
    mkdirSync(folder);
    const free = fillUp(disk, random.below(100) * 4);
    const scan = await site.cpk(['scan']);
    const isTold = (stderr: string) => stderr.includes('"disk_full"');
    if (scan.code !== 0) {
      tally.count('disk full: scans refused');
      tally.expect('cpk scan on a full disk', isTold(scan.stderr), scan.stderr);
    }
    const init = await site.cpk(['init', '--name', 'other'], undefined, folder);
    if (init.code !== 0) {
      tally.count('disk full: inits refused');
      tally.expect('cpk init on a full disk', isTold(init.stderr), init.stderr);
    }
    fillUp(disk, random.below(2) * 4);
    const start = await site.cpk(['server', 'start']);
    if (start.code === 0) await site.answer(['server', 'stop']);
    else {
      tally.count('disk full: starts of the daemon refused');
      tally.expect('cpk server start on a full disk', isTold(start.stderr), start.stderr);
    }
    free();
    const kept = scan.code === 0 ? round : round - 1;
    tally.blame('cpk scan on a full disk', checkIndex(site, [kept]));
    await site.answer(['scan']);
    tally.blame('cpk scan afterwards', checkIndex(site, [round]));
    const again = await site.cpk(['init', '--name', 'other'], undefined, folder);
    tally.expect('cpk init afterwards', again.code === 0, again.stderr);
    rmSync(folder, { recursive: true });
  }
}

await runOnDisk(async (job, tally) => {
  const random = seededRandom(job.seed);
  const site = await Site.open({ entry: job.entry, folder: join(job.disk, 'site') });
  await using _site = site;
  fillBoard(job, site, tally);
  fillNewProject(job, tally);
  await fillDaemon(job, site, random, tally);
  await fillCalls(job, site, random, tally);
});
