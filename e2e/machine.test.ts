import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { runMachine } from './torture/machine/machine.ts';

const entry = join(inject('codepakt'), 'dist/cpk.js');
const seed = Date.now() % 1_000_000;

// `pnpm torture machine` is the long form of it; with --seed it repeats one that failed here.
test('a machine that fails, on disk, in memory, in time or in its files, loses nothing and is told of', {
  timeout: 240_000,
}, async ({ signal }) => {
  const { figures, faults } = await runMachine({ entry, seed, size: 'short', signal });
  console.log(`machine with --seed ${seed}: ${JSON.stringify(figures)}`);
  expect(faults, `--seed ${seed}`).toEqual([]);
  expect(figures['locked board: writes to another board']).toBeGreaterThan(0);
});
