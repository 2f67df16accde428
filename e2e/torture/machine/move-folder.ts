import { renameSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkBoard, checkReplay } from '../crash/check-board.ts';
import { runClient } from '../crash/clients.ts';
import { Ledger } from '../crash/ledger.ts';
import { seededRandom } from '../random.ts';
import { Site } from '../site.ts';
import type { Attempt } from '../tally.ts';
import { inWords, send } from './api.ts';
import type { Size } from './machine.ts';

const TIMES: Record<Size, number> = { short: 1, usual: 4, full: 30 };
const CLIENTS = 4;

/**
 * The project's folder is moved away and back while agents work: they are told, nothing goes into
 * a file that is out of sight, and when it is back everything goes on.
 */
export async function moveFolder(attempt: Attempt, size: Size): Promise<void> {
  const { entry, random, tally, signal } = attempt;
  const what = 'folder moved';
  await using site = await Site.open({ entry });
  const daemon = await site.startDaemon();
  const api = site.api(daemon);
  const ledger = new Ledger({ may_refuse: ['project_not_found'] });
  for (let round = 1; round <= TIMES[size] && !signal.aborted; round++) {
    const clients = Array.from({ length: CLIENTS }, (_, index) => {
      const own = seededRandom(random.below(2 ** 31));
      return runClient({ api, ledger, random: own, name: `m${round}.${index}`, signal });
    });
    await sleep(random.below(200));
    renameSync(site.root, `${site.root}-elsewhere`);
    await Promise.all(clients);
    // Who only reads is told as soon as the daemon has looked after its boards.
    let away = await send(`${api}/board`);
    for (let tries = 1; away.status === 200 && tries < 100; tries++) {
      await sleep(100);
      away = await send(`${api}/board`);
    }
    tally.expect(what, away.status === 404 || away.status === 503, `while away: ${inWords(away)}`);
    renameSync(`${site.root}-elsewhere`, site.root);
    await ledger.askAgain(api, 5);
    tally.count('folder moved away under a working daemon, and back');
  }
  daemon.kill('SIGTERM');
  await daemon.ended;
  tally.count('answers held against the board', ledger.answers);
  tally.blame(what, [
    ...ledger.faults,
    ...checkBoard(site.board, ledger).faults,
    ...checkReplay(site.board),
  ]);
}
