import type { Event } from '@codepakt/contract';
import { client } from '../client.ts';
import type { Connection } from './connection.ts';

export interface FeedOptions {
  project: string;
  /** The id of the last event that what is on the page knows of. */
  after: number;
  onEvents: (events: Event[]) => void;
  /** The connection was lost and is there again, maybe to another board: what is on the page is to be read anew. */
  onReturn: () => void;
  onConnection: (connection: Connection) => void;
}

type Message =
  | { kind: 'events'; after: number; events: Event[] }
  | { kind: 'connection'; connection: Connection };

const RETRY_MS = 1_000;
/** Events that come within this time are handed on together. */
const GATHER_MS = 40;
const PAGE = 500;
/** How long a page that nobody sees keeps the stream: a browser has six connections to a host. */
const HIDDEN_MS = 30_000;

/**
 * The events of a project as they happen, in order, none missed and none twice. However many tabs
 * show the project, one of them (the holder of a Web Lock) has the stream open and passes on what
 * comes. After a loss it begins with now: an import, for one, puts another log in the place of the
 * old. Answers a function that ends it.
 */
export function followEvents(options: FeedOptions): () => void {
  const { project, after, onEvents, onReturn, onConnection } = options;
  const end = new AbortController();
  const channel = new BroadcastChannel(`codepakt-events-${project}`);
  let last = after;
  let wasLost = false;
  let catchingUp: Promise<void> | undefined;

  const take = (events: Event[]) => {
    const fresh = events.filter(({ id }) => id > last);
    last = fresh.at(-1)?.id ?? last;
    if (fresh.length > 0) onEvents(fresh);
  };

  const beginAnew = async (signal: AbortSignal) => {
    const status = await client.board.status({ params: { project } }, { signal });
    last = status.last_event_id;
    wasLost = false;
    onReturn();
  };

  const readOn = () =>
    wasLost ? beginAnew(end.signal) : readMissed(project, () => last, take, end.signal);

  const catchUp = () => {
    catchingUp ??= readOn()
      .then(() => onConnection('live'))
      .catch(() => undefined) // the stream begins where this ended, and says what is wrong
      .finally(() => {
        catchingUp = undefined;
      });
    return catchingUp;
  };

  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'connection') {
      onConnection(data.connection);
      if (data.connection === 'lost') wasLost = true;
      // The tab that reads may have missed nothing, but this one may have slept.
      if (data.connection === 'live') void catchUp();
    } else if (wasLost || data.after > last) {
      void catchUp();
    } else {
      take(data.events);
    }
  };

  const tell = (connection: Connection) => {
    if (connection === 'lost') wasLost = true;
    onConnection(connection);
    channel.postMessage({ kind: 'connection', connection } satisfies Message);
  };

  const pass = (events: Event[]) => {
    channel.postMessage({ kind: 'events', after: last, events } satisfies Message);
    take(events);
  };

  const start = async (signal: AbortSignal) => {
    if (wasLost) await beginAnew(signal);
    return last;
  };

  void whileVisible(end.signal, (signal) =>
    withLock(`codepakt-events-${project}`, signal, () =>
      readStream(project, start, pass, tell, signal),
    ),
  );
  // Until there is a stream of this tab's own, another one's is as good.
  void catchUp();

  return () => {
    end.abort();
    channel.close();
  };
}

async function readStream(
  project: string,
  start: (signal: AbortSignal) => Promise<number>,
  pass: (events: Event[]) => void,
  tell: (connection: Connection) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const stream = await client.events.stream(
        { params: { project }, query: { after: await start(signal) } },
        { signal },
      );
      tell('live');
      await inBatches(stream, pass);
      // Ended in order: the server is stopping, or this reader was too slow.
    } catch {
      // Said on the page until it is back; why is the browser's network log's to tell.
    }
    if (signal.aborted) return;
    tell('lost');
    await pause(RETRY_MS, signal);
  }
}

async function inBatches(stream: AsyncIterable<Event>, pass: (events: Event[]) => void) {
  let batch: Event[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    const events = batch;
    batch = [];
    pass(events);
  };
  try {
    for await (const event of stream) {
      batch.push(event);
      // A browser slows the timers of a tab that nobody sees, and others may wait for this one.
      if (document.hidden) flush();
      else timer ??= setTimeout(flush, GATHER_MS);
    }
  } finally {
    clearTimeout(timer);
    if (batch.length > 0) flush();
  }
}

/** What happened since, by asking: for a tab that has not listened all the time. */
async function readMissed(
  project: string,
  last: () => number,
  take: (events: Event[]) => void,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    const { items } = await client.events.list(
      { params: { project }, query: { after: last(), order: 'asc', limit: PAGE } },
      { signal },
    );
    take(items);
    if (items.length < PAGE) return;
  }
}

/** Runs the work while the page is seen, and begins it anew when it is seen again. */
async function whileVisible(
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  while (!signal.aborted) {
    await untilVisibility('visible', signal);
    const leave = new AbortController();
    const either = AbortSignal.any([signal, leave.signal]);
    void hiddenFor(HIDDEN_MS, either).then(() => leave.abort());
    await work(either);
  }
}

async function hiddenFor(ms: number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await untilVisibility('hidden', signal);
    await pause(ms, signal);
    if (document.visibilityState === 'hidden') return;
  }
}

function untilVisibility(state: DocumentVisibilityState, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = new AbortController();
    const look = () => {
      if (document.visibilityState !== state && !signal.aborted) return;
      done.abort();
      resolve();
    };
    document.addEventListener('visibilitychange', look, { signal: done.signal });
    signal.addEventListener('abort', look, { signal: done.signal });
    look();
  });
}

async function withLock(
  name: string,
  signal: AbortSignal,
  work: () => Promise<void>,
): Promise<void> {
  // Web Locks are for secure contexts; over plain HTTP from another machine each tab reads alone.
  if (navigator.locks === undefined) return work();
  try {
    await navigator.locks.request(name, { signal }, work);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
