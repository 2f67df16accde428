import { CodepaktError, type PickupResult } from '@codepakt/contract';
import type { LiveProject } from './projects/live-project.ts';

/** After these nothing is ready that was not before. After any other event something may be. */
const OPENS_NOTHING = new Set([
  'task_pickup',
  'task_noted',
  'task_verified',
  'deps_broken',
  'doc_created',
  'doc_updated',
  'doc_deleted',
  'scan_completed',
]);
const PAGE = 100;

export interface PickUpWaitingOptions {
  live: LiveProject;
  seconds: number;
  /** Aborted when the caller has gone away: no task is to be claimed for nobody. */
  gone: AbortSignal;
  /** One try, as a transaction of its own; only the last one may answer that there is nothing. */
  pickUp: (isLast: boolean) => Promise<PickupResult | undefined>;
}

/** Tries to pick up, and again whenever something may have become ready, until the time is over. */
export async function pickUpWaiting(options: PickUpWaitingOptions): Promise<PickupResult> {
  const { live, seconds, gone, pickUp } = options;
  const end = performance.now() + seconds * 1_000;
  using changes = new Changes(live);
  for (;;) {
    if (gone.aborted) throw new CodepaktError('interrupted', 'the caller has gone away');
    const isLast = performance.now() >= end;
    const result = await pickUp(isLast);
    if (result !== undefined) return result;
    await changes.next(end - performance.now(), gone);
  }
}

/** What has happened on a board since it was last asked; it listens from the beginning, so that nothing slips through. */
class Changes {
  readonly #live: LiveProject;
  readonly #stopListening: () => void;
  #seen: number;
  #closedBy: unknown;
  #wake: (() => void) | undefined;

  constructor(live: LiveProject) {
    this.#live = live;
    this.#seen = live.project.events.lastId();
    this.#stopListening = live.feed.listen({
      changed: () => this.#wake?.(),
      closed: (error) => {
        this.#closedBy = error ?? new CodepaktError('shutting_down', 'the server is stopping');
        this.#wake?.();
      },
    });
  }

  /** Resolves when something may have become ready, when the time is over, or when nobody waits any more. */
  async next(wait_ms: number, gone: AbortSignal): Promise<void> {
    const end = performance.now() + wait_ms;
    while (!gone.aborted && !this.#mayHaveOpened()) {
      if (this.#closedBy !== undefined) throw this.#closedBy;
      const left = end - performance.now();
      if (left <= 0) return;
      await this.#woken(left, gone);
    }
  }

  [Symbol.dispose](): void {
    this.#stopListening();
  }

  #woken(wait_ms: number, gone: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer);
        gone.removeEventListener('abort', wake);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(wake, wait_ms);
      gone.addEventListener('abort', wake, { once: true });
      this.#wake = wake;
    });
  }

  #mayHaveOpened(): boolean {
    if (this.#closedBy !== undefined) return false;
    const { events } = this.#live.project;
    for (;;) {
      const page = events.after(this.#seen, {}, PAGE);
      this.#seen = page.at(-1)?.id ?? this.#seen;
      if (page.some(({ action }) => !OPENS_NOTHING.has(action))) return true;
      if (page.length === 0) return false;
    }
  }
}
