import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { runStorm } from './torture/storm.ts';

const entry = join(inject('codepakt'), 'dist/cpk.js');
const seed = Date.now() % 1_000_000;

// `pnpm torture storm` is the long form of it; with --seed it repeats one that failed here.
test.for([
  ['one daemon', 1],
  ['two daemons, each with a data directory of its own, by mistake', 2],
] as const)(
  '16 agents empty a board that is served by %s, and kill -9 loses and doubles nothing',
  { timeout: 240_000 },
  async ([, daemons], { signal }) => {
    const { faults, figures, seconds, folder } = await runStorm({
      entry,
      tasks: 150,
      dependencies: 225,
      agents: 16,
      daemons,
      daemon_kills: 2,
      lease_seconds: 3,
      seed,
      time_limit_ms: 200_000,
      signal,
    });
    console.log(`storm with --seed ${seed}, ${seconds.toFixed(0)} s: ${JSON.stringify(figures)}`);
    expect(faults, `--seed ${seed}; the board is in ${folder}`).toEqual([]);
    // Whatever it is to stand has really happened.
    const { agents_killed, calls_cut_off, retries, leases_expired, parked, daemon_kills } = figures;
    for (const count of [
      agents_killed,
      calls_cut_off,
      retries,
      leases_expired,
      parked,
      daemon_kills,
    ]) {
      expect(count).toBeGreaterThan(0);
    }
  },
);
