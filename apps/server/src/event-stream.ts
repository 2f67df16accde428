import { Readable } from 'node:stream';
import type { Event, EventStreamQuery } from '@codepakt/contract';
import type { LiveProject } from './projects/live-project.ts';

/** Events read at once. They are read only when the reader can take more, so nothing piles up. */
const PAGE = 50;

export interface EventStreamOptions {
  live: LiveProject;
  /** The id after which it begins; left out, with what happens from now on. */
  after: number | undefined;
  filter: EventStreamQuery;
  heartbeat_ms: number;
  stalled_ms: number;
}

/**
 * The events of a project as Server-Sent Events. It keeps nothing but the id of the last event it
 * sent and reads on from there: nothing is lost or sent twice, and a slow reader costs no memory.
 */
export class EventStream extends Readable {
  readonly #options: EventStreamOptions;
  readonly #stopListening: () => void;
  readonly #heartbeat: NodeJS.Timeout;
  #sentUpTo: number;
  /** Whether the reader asked for more and has not been given any. */
  #isHungry = false;
  #fedAt = performance.now();

  constructor(options: EventStreamOptions) {
    super();
    this.#options = options;
    const lastId = options.live.project.events.lastId();
    // Refused here, not in the middle of an answer: a filter that names no task.
    options.live.project.events.after(lastId, options.filter, 1);
    // An id from the future is of another database, such as one that was restored since.
    this.#sentUpTo = Math.min(options.after ?? lastId, lastId);
    this.#stopListening = options.live.feed.listen({
      changed: () => this.#feed(),
      closed: () => this.push(null),
    });
    this.#heartbeat = setInterval(() => this.#beat(), options.heartbeat_ms).unref();
    // An id without data is no event, but a browser that connects again goes on from there.
    this.push(`retry: 1000\n${this.#idLine()}\n`);
  }

  override _read(): void {
    this.#isHungry = true;
    this.#feed();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    clearInterval(this.#heartbeat);
    this.#stopListening();
    done(error);
  }

  #feed(): void {
    if (!this.#isHungry || this.destroyed) return;
    try {
      const text = this.#nextPage();
      if (text !== '') this.#give(text);
    } catch (error) {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #nextPage(): string {
    const { text, up_to } = pageAfter(this.#options, this.#sentUpTo);
    this.#sentUpTo = up_to;
    return text;
  }

  #beat(): void {
    if (this.#isHungry) this.#give(`: still here\n${this.#idLine()}\n`);
    else if (performance.now() - this.#fedAt > this.#options.stalled_ms) this.destroy();
  }

  #give(text: string): void {
    this.#isHungry = false;
    this.#fedAt = performance.now();
    this.push(text);
  }

  #idLine(): string {
    return `id: ${this.#sentUpTo}\n`;
  }
}

interface Page {
  text: string;
  /** The id with which a reader of this page goes on. */
  up_to: number;
}

/** The pages that were made since the newest event came, of each open project. */
const recent = new WeakMap<LiveProject, { lastId: number; pages: Map<string, Page> }>();
/** Those who keep up want the same one; who is far behind wants one that nobody else does. */
const MAX_PAGES = 4;

/** Read and written out once for all who are at the same event: with many readers nothing costs more. */
function pageAfter({ live, filter }: EventStreamOptions, after: number): Page {
  // Asked for first: what is written after that has a greater id and is found the next time.
  const lastId = live.project.events.lastId();
  let made = recent.get(live);
  if (made?.lastId !== lastId) {
    made = { lastId, pages: new Map() };
    recent.set(live, made);
  }
  const name = JSON.stringify([after, filter.task, filter.agent, filter.action]);
  const known = made.pages.get(name);
  if (known !== undefined) return known;
  const events = live.project.events.after(after, filter, PAGE);
  const page = {
    text: events.map(toFrame).join(''),
    up_to: events.at(-1)?.id ?? Math.max(lastId, after),
  };
  if (made.pages.size < MAX_PAGES) made.pages.set(name, page);
  return page;
}

function toFrame(event: Event): string {
  return `id: ${event.id}\ndata: ${JSON.stringify(event)}\n\n`;
}
