import { fuzzArguments, fuzzBatches, fuzzProcesses } from './fuzz/command-lines.ts';
import { fuzzServer } from './fuzz/fuzz-server.ts';
import type { Part } from './part.ts';
import { Site } from './site.ts';

/** Every endpoint, the command line and batch files, fed with what fits, nearly fits and is hostile. */
export const part: Part = {
  summary: 'every endpoint and the command line, fed from their own schemas with what nearly fits',
  flags: { requests: '' },
  async run({ entry, full, seed, signal, flags }) {
    const size = full ? 10 : 1;
    const counts = {
      command_lines_read: 10_000 * size,
      command_lines_run: 60 * size,
      batch_files: 20 * size,
    };
    await using site = await Site.open({ entry });
    const server = await fuzzServer(site, {
      requests: Number(flags.requests || 10_000 * size),
      shapes: 3 * size,
      slow: 100,
      seed,
      signal,
    });
    const faults = [
      ...server.faults,
      ...(await fuzzArguments(seed, counts.command_lines_read)),
      ...(await fuzzProcesses(site, seed, counts.command_lines_run)),
      ...(await fuzzBatches(site, seed, counts.batch_files)),
    ];
    return { figures: { ...server.figures, ...counts, faults: faults.length }, faults };
  },
};
