import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { runCrash } from './torture/crash/crash.ts';

const entry = join(inject('codepakt'), 'dist/cpk.js');
const seed = Date.now() % 1_000_000;

// `pnpm torture crash` is the long form of it; with --seed it repeats one that failed here.
test('kill -9 of daemons, calls and scans loses nothing that was answered, and leaves nothing half done', {
  timeout: 240_000,
}, async ({ signal }) => {
  const { figures, faults } = await runCrash({ entry, seed, share: 0.01, signal });
  console.log(`crash with --seed ${seed}: ${JSON.stringify(figures)}`);
  expect(faults, `--seed ${seed}`).toEqual([]);
  expect(figures['answers held against the board']).toBeGreaterThan(0);
});
