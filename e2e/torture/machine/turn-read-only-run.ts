// Runs on a small disk, see turn-read-only.ts.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { checkBoard, checkReplay } from '../crash/check-board.ts';
import { Ledger, Refusal } from '../crash/ledger.ts';
import { Site } from '../site.ts';
import type { Tally } from '../tally.ts';
import { inWords, send } from './api.ts';
import { type DiskJob, runOnDisk } from './small-disk.ts';

const CHANGES = 20;

await runOnDisk(async (job, tally) => {
  await beforeOpening(job, tally);
  if (existsSync(`${job.disk}.img`)) await whileOpen(job, tally);
});

/** The board lies on the disk, everything else beside it. */
async function openSite({ disk, entry }: DiskJob): Promise<Site> {
  const site = await Site.bare({ entry, folder: join(disk, '..', `site-${Date.now()}`) });
  site.root = join(disk, `project-${Date.now()}`);
  await site.init();
  return site;
}

/** Read-only before the daemon opens the board: it is told, and serves as soon as that is over. */
async function beforeOpening(job: DiskJob, tally: Tally): Promise<void> {
  const what = 'read-only before it is opened';
  await using site = await openSite(job);
  const daemon = await site.startDaemon();
  const api = site.api(daemon);
  execFileSync('mount', ['-o', 'remount,ro', job.disk]);
  const refused = [
    await send(`${api}/board`),
    await send(`${api}/tasks`, { body: { title: 'x' } }),
  ];
  const init = await site.cpk(['init']);
  execFileSync('mount', ['-o', 'remount,rw', job.disk]);
  const served = await send(`${api}/tasks`, { body: { title: 'x' } });
  tally.count('disk read-only before the board is opened');
  for (const said of refused) tally.expect(what, said.code === 'read_only', inWords(said));
  tally.expect(what, init.code === 0 || init.stderr.includes('"read_only"'), init.stderr);
  tally.expect(what, served.status === 201, `afterwards: ${inWords(served)}`);
  daemon.kill('SIGTERM');
  await daemon.ended;
}

/** The file system fails in the middle of the work, as with a broken disk, and is mounted anew. */
async function whileOpen(job: DiskJob, tally: Tally): Promise<void> {
  const what = 'file system failed';
  await using site = await openSite(job);
  const daemon = await site.startDaemon();
  const api = site.api(daemon);
  const ledger = new Ledger({ may_refuse: ['read_only', 'disk_full'] });
  for (let change = 0; change < 2 * CHANGES; change++) {
    if (change === CHANGES) execFileSync('mount', ['-o', 'remount,abort', job.disk]);
    const key = `disk:${change}`;
    const body = { title: key };
    try {
      await ledger.ask(api, { key, method: 'POST', path: '/tasks', agent: undefined, body });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }
  const read = await send(`${api}/board`);
  tally.expect(what, read.status === 200, `reading: ${inWords(read)}`);
  tally.expect(what, ledger.refusals === CHANGES, `${ledger.refusals} changes refused`);
  daemon.kill('SIGTERM');
  const { code, stderr } = await daemon.ended;
  tally.expect(what, code === 0, `the daemon ended with ${code}: ${stderr}`);
  execFileSync('umount', [job.disk]);
  execFileSync('mount', ['-o', 'loop', `${job.disk}.img`, job.disk]);
  const next = await site.startDaemon();
  await ledger.askAgain(site.api(next), CHANGES);
  next.kill('SIGTERM');
  await next.ended;
  tally.count('file system failed under a working daemon, and mounted anew');
  tally.count('disk read-only: changes refused', ledger.refusals);
  tally.blame(what, [
    ...ledger.faults,
    ...checkBoard(site.board, ledger).faults,
    ...checkReplay(site.board),
  ]);
}
