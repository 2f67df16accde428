import type { Browser, CDPSession } from 'playwright-core';

interface TraceEvent {
  name: string;
  ph: string;
  ts: number;
  dur?: number;
  /** Of the processor, without the time in which other threads had it. */
  tdur?: number;
  pid: number;
  tid: number;
  args?: { name?: string };
}

export interface FrameWork {
  /** Processor time of the main thread between two frames, milliseconds. */
  p95: number;
  /** The same by the clock on the wall, which a busy machine makes longer. */
  wall_p95: number;
  /** The longest single task, processor time, milliseconds. */
  longest: number;
  wall_longest: number;
  frames: number;
}

/** Begins to record what the browser's threads do. */
export async function startTrace(browser: Browser): Promise<CDPSession> {
  const session = await browser.newBrowserCDPSession();
  await session.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: {
      includedCategories: [
        'disabled-by-default-devtools.timeline',
        'disabled-by-default-devtools.timeline.frame',
      ],
    },
  });
  return session;
}

/** Ends the recording; adds up the tasks of the main thread from frame to frame. */
export async function readTrace(session: CDPSession): Promise<FrameWork> {
  const events: TraceEvent[] = [];
  session.on('Tracing.dataCollected', ({ value }) => {
    events.push(...(value as unknown as TraceEvent[]));
  });
  const complete = new Promise<void>((resolve) => {
    session.once('Tracing.tracingComplete', () => resolve());
  });
  await session.send('Tracing.end');
  await complete;
  const main = busiestMainThread(events);
  const onMain = events
    .filter(({ pid, tid }) => pid === main?.pid && tid === main.tid)
    .sort((a, b) => a.ts - b.ts);
  const tasks = onMain.filter(({ name, ph }) => ph === 'X' && name === 'RunTask');
  const starts = onMain.filter(({ name }) => name === 'BeginMainThreadFrame').map(({ ts }) => ts);
  const work = starts.slice(0, -1).map((start, index) => {
    const end = starts[index + 1] ?? Number.POSITIVE_INFINITY;
    const within = tasks.filter(({ ts }) => ts >= start - 1_000 && ts < end - 1_000);
    return {
      processor: within.reduce((sum, { dur = 0, tdur = dur }) => sum + tdur, 0) / 1_000,
      wall: within.reduce((sum, { dur = 0 }) => sum + dur, 0) / 1_000,
    };
  });
  return {
    p95: percentile95(work.map(({ processor }) => processor)),
    wall_p95: percentile95(work.map(({ wall }) => wall)),
    longest: Math.max(...tasks.map(({ dur = 0, tdur = dur }) => tdur)) / 1_000,
    wall_longest: Math.max(...tasks.map(({ dur = 0 }) => dur)) / 1_000,
    frames: work.length,
  };
}

function percentile95(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN;
}

/** The page's own: other renderers, such as a spare one, do next to nothing. */
function busiestMainThread(events: readonly TraceEvent[]): TraceEvent | undefined {
  const counts = new Map<string, { event: TraceEvent; count: number }>();
  for (const event of events) {
    if (event.name !== 'BeginMainThreadFrame') continue;
    const key = `${event.pid} ${event.tid}`;
    const known = counts.get(key) ?? { event, count: 0 };
    counts.set(key, { event, count: known.count + 1 });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count)[0]?.event;
}
