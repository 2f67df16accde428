import { runCrash } from './crash/crash.ts';
import type { Part } from './part.ts';

/** Daemon, calls and scans are killed by `kill -9`, also while they start, stop, migrate and write back. */
export const part: Part = {
  summary: 'kill -9 at random moments; whatever was answered is there once',
  flags: { kills: '' },
  async run({ entry, full, seed, signal, flags }) {
    const only = flags.kills ? flags.kills.split(',') : undefined;
    const share = full ? 1 : 0.1;
    const { figures, faults } = await runCrash({ entry, seed, signal, share, only });
    return { figures, faults };
  },
};
