import { setTimeout as sleep } from 'node:timers/promises';
import { type Random, seededRandom } from '../random.ts';
import type { Site, SpawnedDaemon } from '../site.ts';
import { Caller, type Reply, StreamReader } from './client.ts';
import { Memory } from './memory.ts';

export interface LoadOptions {
  agents: number;
  /** Clients with the event stream open. */
  streams: number;
  /** Of these, so many read a little once a second, and as many never. */
  bad_streams: number;
  seconds: number;
  seed: number;
  signal?: AbortSignal | undefined;
}

/** Milliseconds of every answer, by what was asked. */
export interface Latencies {
  pickup: number[];
  write: number[];
  read: number[];
}

export interface LoadResult {
  latencies: Latencies;
  events: number;
  streams_dropped: number;
  memory: Memory;
  faults: string[];
}

/** An agent thinks so long between two calls. */
const THINKS_MS = { least: 50, more: 200 };
/** People and pages that look at the board beside the agents. */
const WATCHERS = 8;
const LOOKS_EVERY_MS = 200;

/** Agents work through a board while others watch it, for a while. */
export async function runAgents(
  site: Site,
  daemon: SpawnedDaemon,
  options: LoadOptions,
): Promise<LoadResult> {
  const latencies: Latencies = { pickup: [], write: [], read: [] };
  const faults = new Set<string>();
  const streams = await openStreams(site, daemon, options);
  const memory = new Memory(daemon.pid);
  const end = performance.now() + options.seconds * 1_000;
  const isOver = () => performance.now() >= end || options.signal?.aborted === true;
  const run = { site, daemon, latencies, faults, isOver };
  const work = (_: unknown, n: number) =>
    actAsAgent(run, `agent-${n}`, seededRandom(options.seed + n));
  const watch = (_: unknown, n: number) => actAsWatcher(run, `watcher-${n}`);
  await Promise.all([
    ...Array.from({ length: options.agents }, work),
    ...Array.from({ length: WATCHERS }, watch),
    memory.watch(isOver),
  ]);
  const events = await settle(site, daemon, streams);
  const streams_dropped = judge(streams, events, faults);
  for (const stream of streams) stream.close();
  return { latencies, events, streams_dropped, memory, faults: [...faults] };
}

interface Run {
  site: Site;
  daemon: SpawnedDaemon;
  latencies: Latencies;
  faults: Set<string>;
  isOver: () => boolean;
}

async function openStreams(
  site: Site,
  daemon: SpawnedDaemon,
  { streams: count, bad_streams }: LoadOptions,
): Promise<StreamReader[]> {
  const streams = Array.from(
    { length: count },
    (_, n) =>
      new StreamReader(n < bad_streams ? 'slow' : n < 2 * bad_streams ? 'stalled' : 'reading'),
  );
  await Promise.all(streams.map((stream) => stream.open(site.api(daemon, '/events/stream'))));
  return streams;
}

/** Picks up, notes, and finishes, over and over. */
async function actAsAgent(run: Run, name: string, random: Random): Promise<void> {
  const { site, daemon, latencies, faults, isOver } = run;
  const caller = new Caller(daemon.url, name);
  const path = new URL(site.api(daemon, '/tasks')).pathname;
  const think = () => sleep(THINKS_MS.least + random.below(THINKS_MS.more));
  const act = async (what: keyof Latencies, action: string, body: unknown): Promise<Reply> => {
    const reply = await caller.ask('POST', `${path}/${action}`, body);
    latencies[what].push(reply.ms);
    if (reply.status >= 300)
      faults.add(`${action.replace(/T-\d+/, 'T')}: ${reply.status} ${reply.text.slice(0, 200)}`);
    return reply;
  };
  while (!isOver()) {
    const wish = random.chance(0.2)
      ? { capabilities: [] }
      : random.chance(0.1)
        ? { tags: ['area 8'] }
        : {};
    const { text } = await act('pickup', 'pickup', wish);
    const id = (JSON.parse(text) as { task?: { id: string } | null }).task?.id;
    await think();
    if (id === undefined) continue;
    await act('write', `${id}/notes`, { body: 'half way' });
    await think();
    await act('write', `${id}/done`, { note: 'done' });
    await think();
  }
  caller.close();
}

/** Looks at lists, tasks and counts, as the dashboard and `cpk board watch` do. */
async function actAsWatcher({ site, daemon, latencies, faults, isOver }: Run, name: string) {
  const caller = new Caller(daemon.url, name);
  const base = new URL(site.api(daemon)).pathname;
  const looks = [
    '/tasks?limit=50&fields=id,title,status,priority,assignee',
    '/board',
    '/tasks/T-005',
    '/events?limit=20',
  ];
  for (let n = 0; !isOver(); n++) {
    const look = looks[n % looks.length];
    const { status, ms } = await caller.ask('GET', `${base}${look}`);
    latencies.read.push(ms);
    if (status !== 200) faults.add(`${look}: ${status}`);
    await sleep(LOOKS_EVERY_MS);
  }
  caller.close();
}

/** Gives the streams time to catch up; answers how many events there are now. */
async function settle(site: Site, daemon: SpawnedDaemon, streams: StreamReader[]): Promise<number> {
  const board = await fetch(site.api(daemon, '/board'));
  const { last_event_id } = (await board.json()) as { last_event_id: number };
  const end = performance.now() + 10_000;
  const lags = () => streams.some(({ habit, last }) => habit !== 'stalled' && last < last_event_id);
  while (lags() && performance.now() < end) await sleep(100);
  return last_event_id;
}

/** Who reads gets everything once; who never reads is let go or has it wait outside of the daemon. */
function judge(streams: readonly StreamReader[], last: number, faults: Set<string>): number {
  for (const { habit, last: seen, misplaced, isOpen } of streams) {
    if (misplaced > 0) faults.add(`a ${habit} stream had ${misplaced} events out of turn`);
    if (habit === 'stalled') continue;
    if (!isOpen) faults.add(`a ${habit} stream was closed`);
    else if (seen < last) faults.add(`a ${habit} stream came to event ${seen} of ${last}`);
  }
  return streams.filter(({ isOpen }) => !isOpen).length;
}
