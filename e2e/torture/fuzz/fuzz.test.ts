import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { Site } from '../site.ts';
import { fuzzArguments, fuzzBatches, fuzzProcesses } from './command-lines.ts';
import { fuzzServer } from './fuzz-server.ts';

const entry = join(inject('codepakt'), 'dist/cpk.js');
const seed = Date.now() % 1_000_000;

// `pnpm torture fuzz` is the long form of it; with --seed it repeats one that failed here.
test('whatever is sent to an endpoint is answered as the contract says', async () => {
  await using site = await Site.open({ entry });
  const { faults, figures } = await fuzzServer(site, {
    requests: 800,
    shapes: 1,
    slow: 20,
    seed,
  });
  expect(faults, `--seed ${seed}`).toEqual([]);
  // Whatever it is to stand has really happened.
  const { accepted, refused, searches } = figures;
  for (const count of [accepted, refused, searches]) expect(count).toBeGreaterThan(20);
  expect(await fuzzProcesses(site, seed, 3), `--seed ${seed}`).toEqual([]);
  expect(await fuzzBatches(site, seed, 2), `--seed ${seed}`).toEqual([]);
});

test('whatever is typed is read or refused', async () => {
  expect(await fuzzArguments(seed, 2_000), `--seed ${seed}`).toEqual([]);
});
