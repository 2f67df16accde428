import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { startLoggedDaemon, UNEXAMINED } from '../logged-daemon.ts';
import { Site } from '../site.ts';
import { fillBoard } from './fill-board.ts';
import { runAgents } from './run-agents.ts';

const entry = join(inject('codepakt'), 'dist/cpk.js');

// `pnpm torture load` is the long form of it, with figures.
test('many agents work while many watch: nothing is refused, and every stream tells everything once', async () => {
  await using site = await Site.open({ entry });
  fillBoard(site.board, { tasks: 1_000, events: 3_000 });
  const daemon = await startLoggedDaemon(site, UNEXAMINED);
  const options = { agents: 24, streams: 40, bad_streams: 4, seconds: 2, seed: Date.now() };
  const { faults, events, latencies } = await runAgents(site, daemon, options);
  expect(faults).toEqual([]);
  expect(latencies.pickup.length).toBeGreaterThan(options.agents);
  expect(events).toBeGreaterThan(3_001 + latencies.pickup.length);
});
