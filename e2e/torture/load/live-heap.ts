import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Site } from '../site.ts';

interface Sample {
  /** What V8 holds of objects that somebody can still reach. */
  heap: number;
  /** Buffers and the like outside of it. */
  external: number;
  /** All the other memory of the process: SQLite's, the program's, the allocator's. */
  rest: number;
}

/** For a daemon whose live objects are to be measured; a collection of garbage costs its clients some time. */
export function heapProbe(site: Site): Record<string, string> {
  const probe = fileURLToPath(new URL('./heap-probe.mjs', import.meta.url));
  return { NODE_OPTIONS: `--expose-gc --import=${probe}`, HEAP_PROBE: fileOf(site) };
}

/** What grew from when everything was warm, a quarter through, to the end, in MiB. */
export function heapFigures(site: Site): Record<string, string> {
  const samples = readFileSync(fileOf(site), 'utf8').trim().split('\n');
  const warm = samples.slice(samples.length >> 2).map((line) => JSON.parse(line) as Sample);
  const figure = (pick: keyof Sample) => {
    const mb = warm.map((sample) => sample[pick] / 1_048_576);
    return [mb[0], mb.at(-1), Math.max(...mb)].map((n) => (n ?? Number.NaN).toFixed(1)).join(' / ');
  };
  return {
    'live heap MiB (warm / end / most)': figure('heap'),
    'buffers MiB': figure('external'),
    'memory outside of V8 MiB': figure('rest'),
  };
}

function fileOf({ folder }: Site): string {
  return join(folder, 'heap.jsonl');
}
