import { runMachine } from './machine/machine.ts';
import type { Part } from './part.ts';

/** Disks that are full or read-only, locks, damage, clocks, limits, folders that move. */
export const part: Part = {
  summary: 'disk full, read-only, locked, damaged, clock jumps, no handles, no memory, moved',
  flags: { mishaps: '' },
  async run({ entry, full, seed, signal, flags }) {
    const { figures, faults } = await runMachine({
      entry,
      seed,
      signal,
      only: flags.mishaps ? flags.mishaps.split(',') : undefined,
      size: full ? 'full' : 'usual',
    });
    return { figures, faults };
  },
};
