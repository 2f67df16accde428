import { askLargeBoard, type LargeBoard } from './load/ask-large-board.ts';
import { fillBoard } from './load/fill-board.ts';
import { heapFigures, heapProbe } from './load/live-heap.ts';
import { type LoadResult, runAgents } from './load/run-agents.ts';
import { startLoggedDaemon, UNEXAMINED } from './logged-daemon.ts';
import type { Part } from './part.ts';
import { Site } from './site.ts';

/** Many agents and watchers for a while, and a board that has seen a lot. */
export const part: Part = {
  summary: '64 agents and 200 event streams for a while; large boards and many projects',
  flags: { seconds: '', heap: '' },
  async run({ entry, full, seed, signal, flags }) {
    const size = full ? 10 : 1;
    const seconds = Number(flags.seconds || 20 * size);
    const large = { tasks: 10_000 * size, events: 100_000 * size };
    const projects = 100 * size;
    await using busy = await Site.open({ entry });
    fillBoard(busy.board, large);
    const daemon = await startLoggedDaemon(busy, {
      ...UNEXAMINED,
      ...(flags.heap === 'yes' ? heapProbe(busy) : {}),
    });
    const options = { agents: 64, streams: 200, bad_streams: 10, seconds, seed, signal };
    const load = await runAgents(busy, daemon, options);
    daemon.kill('SIGTERM');
    await daemon.ended;
    await using small = await Site.open({ entry });
    await using big = await Site.open({ entry });
    const few = await askLargeBoard(small, { tasks: 1_000, events: 10_000 }, 1);
    const many = await askLargeBoard(big, large, projects);
    return {
      figures: {
        agents: options.agents,
        streams: options.streams,
        ...loadFigures(load, seconds),
        ...(flags.heap === 'yes' ? heapFigures(busy) : {}),
        ...sizeFigures(few, many, { ...large, projects }),
      },
      faults: [
        ...load.faults,
        ...(load.memory.grows ? ['the memory grows'] : []),
        ...few.faults,
        ...many.faults,
      ],
    };
  },
};

function loadFigures({ latencies, events, memory, streams_dropped }: LoadResult, seconds: number) {
  const { pickup, write, read } = latencies;
  const all = pickup.length + write.length + read.length;
  return {
    requests_per_second: Math.round(all / seconds),
    'pickup ms (p50 / p99 / most)': spread(pickup),
    'other writes ms': spread(write),
    'reads ms': spread(read),
    events_at_the_end: events,
    streams_dropped,
    memory_most_mb: Math.round(memory.most),
    memory_mb_per_minute: memory.slope.toFixed(1),
  };
}

/** What a large board costs, beside one of 1,000 tasks and 10,000 events. */
function sizeFigures(
  few: LargeBoard,
  many: LargeBoard,
  sizes: Record<string, number>,
): Record<string, string | number> {
  const figures: Record<string, string | number> = {
    ...sizes,
    'database MB': many.database_mb.toFixed(0),
    'start and opening ms (1,000 tasks → large)': `${few.opening_ms.toFixed(0)} → ${many.opening_ms.toFixed(0)}`,
  };
  for (const [name, { first, later }] of Object.entries(many.times)) {
    const before = few.times[name]?.later ?? Number.NaN;
    figures[`${name} ms`] =
      `${before.toFixed(1)} → ${later.toFixed(1)} (first ${first.toFixed(1)})`;
  }
  return figures;
}

function spread(ms: readonly number[]): string {
  const sorted = ms.toSorted((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(
      1,
    );
  return `${at(0.5)} / ${at(0.99)} / ${at(1)}`;
}
