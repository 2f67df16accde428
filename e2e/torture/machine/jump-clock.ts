import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { PickupResult, TaskDetail } from '../../../packages/contract/src/index.ts';
import { Site } from '../site.ts';
import type { Attempt } from '../tally.ts';
import { inWords, type Said, send } from './api.ts';
import type { Size } from './machine.ts';

const TIMES: Record<Size, number> = { short: 2, usual: 6, full: 40 };
const HOUR_MS = 3_600_000;
const LEASE_SECONDS = 60;
const DAEMON = fileURLToPath(new URL('./daemon-with-clock.ts', import.meta.url));

/**
 * The wall clock jumps an hour, there and back, while agents hold leases of a minute: none of them
 * loses its task, no lease lasts longer than it was given for, and a request that is sent again is
 * still known.
 */
export async function jumpClock(attempt: Attempt, size: Size): Promise<void> {
  const { entry, random, tally, signal } = attempt;
  const what = 'clock';
  await using site = await Site.open({ entry });
  const daemon = fork(DAEMON, [site.data_dir], { execArgv: ['-C', '@codepakt/source'] });
  try {
    const [url] = (await once(daemon, 'message')) as [string];
    const api = site.api({ url });
    let offset = 0;
    for (let round = 1; round <= TIMES[size] && !signal.aborted; round++) {
      const agent = `agent-${round}`;
      await send(`${api}/tasks`, { body: { title: `before jump ${round}` } });
      const pickup = () =>
        send(`${api}/tasks/pickup`, { body: { lease: LEASE_SECONDS }, agent, key: agent });
      const picked = await pickup();
      const { task } = picked.body as PickupResult;
      if (task === null) throw new Error(`nothing was picked up: ${inWords(picked)}`);
      // There and back, and sometimes twice the same way.
      offset += random.chance(0.5) === offset <= 0 ? HOUR_MS : -HOUR_MS;
      daemon.send(offset);
      await once(daemon, 'message');
      // With its next write, at the latest with its next second, it notices.
      await send(`${api}/tasks`, { body: { title: `after jump ${round}` } });
      tally.count('clock jumped by an hour');
      const held = (await send(`${api}/tasks/${task.id}`)).body as TaskDetail;
      tally.expect(
        what,
        held.status === 'in-progress',
        `${task.id} is ${held.status} after a jump`,
      );
      const left = Date.parse(held.lease_expires_at ?? '') - (Date.now() + offset);
      const isFair = left > 0 && left <= LEASE_SECONDS * 1_000;
      tally.expect(what, isFair, `the lease of ${task.id} has ${left} ms left after a jump`);
      expectSame(attempt, picked, await pickup());
      const done = await send(`${api}/tasks/${task.id}/done`, {
        body: { claim: task.claim },
        agent,
      });
      tally.expect(what, done.status === 200, `done after a jump: ${inWords(done)}`);
    }
  } finally {
    daemon.kill('SIGTERM');
    await once(daemon, 'exit');
  }
}

function expectSame({ tally }: Attempt, first: Said, again: Said): void {
  const isSame = JSON.stringify(first.body) === JSON.stringify(again.body);
  tally.expect('clock', isSame, `a pickup sent again was answered anew: ${inWords(again)}`);
}
