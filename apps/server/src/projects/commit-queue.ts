import { CodepaktError } from '@codepakt/contract';
import type { Project } from '@codepakt/core';

/** So many writes share a commit at most: others are read and answered between two commits. */
const MAX_GROUP = 128;
/**
 * A group of so many waits for no more. What a commit costs besides its writes is little for each by
 * then, and the clients answered have something to do while the next group is gathered.
 */
const ENOUGH = 10;
/** Milliseconds between two tries while another process holds the lock. */
const RETRY_MS = [2, 5, 10, 20, 40] as const;

interface Job {
  work: () => unknown;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
  /** Monotonic milliseconds, from when on it is no longer tried. */
  give_up_at: number;
}

export interface CommitQueueOptions {
  project: Pick<Project, 'writeAll'>;
  /** How long a write is tried while another process holds the database. */
  busy_ms: number;
  /** Runs before a group; what it throws fails the group. */
  beforeCommit?: () => void;
  /** Runs after a group was committed; must not throw. */
  afterCommit?: () => void;
}

/**
 * Writes that arrive together share one transaction and so one fsync, and fail one by one; a lone
 * write waits for one turn of the event loop. The daemon never waits for a lock inside SQLite,
 * which would stop its only thread: a busy database is tried again from the event loop.
 */
export class CommitQueue {
  readonly #options: CommitQueueOptions;
  #waiting: Job[] = [];
  #isScheduled = false;
  #failedTries = 0;
  #whenEmpty: (() => void)[] = [];

  constructor(options: CommitQueueOptions) {
    this.#options = options;
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** Resolves with what the work returned once it is safe on the disk; rejects with what it threw. */
  write<T>(work: () => T): Promise<T> {
    return new Promise<unknown>((resolve, reject) => {
      const give_up_at = performance.now() + this.#options.busy_ms;
      this.#waiting.push({ work, resolve, reject, give_up_at });
      this.#schedule();
    }) as Promise<T>;
  }

  /** Resolves when nothing waits any more. */
  drained(): Promise<void> {
    if (this.isEmpty) return Promise.resolve();
    return new Promise((resolve) => this.#whenEmpty.push(resolve));
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const wait = RETRY_MS[Math.min(this.#failedTries, RETRY_MS.length) - 1];
    if (wait === undefined) this.#gather(0);
    else setTimeout(() => this.#commit(), wait);
  }

  /**
   * Commits after a turn of the event loop that brought no write more: the more share a commit, the
   * less it costs each. The turn in which a write came tells nothing yet: `cpk` opens a connection
   * for each call, and Node takes one a turn, so that calls that come together follow one by one.
   */
  #gather(known: number): void {
    setImmediate(() => {
      const count = this.#waiting.length;
      if (count > known && count < ENOUGH) this.#gather(count);
      else this.#commit();
    });
  }

  #commit(): void {
    const jobs = this.#waiting.splice(0, MAX_GROUP);
    this.#isScheduled = false;
    try {
      this.#options.beforeCommit?.();
      const settled = this.#options.project.writeAll(jobs.map(({ work }) => work));
      this.#failedTries = 0;
      for (const [index, job] of jobs.entries()) {
        const result = settled[index];
        if (result?.ok === true) job.resolve(result.value);
        else job.reject(result?.error);
      }
      this.#options.afterCommit?.();
    } catch (error) {
      if (isBusy(error)) this.#putBack(jobs, error);
      else for (const { reject } of jobs) reject(error);
    }
    this.#goOn();
  }

  #goOn(): void {
    if (this.#waiting.length > 0) {
      this.#schedule();
      return;
    }
    // Whoever was refused is gone: the lock may be free again when the next one comes.
    this.#failedTries = 0;
    const listeners = this.#whenEmpty;
    this.#whenEmpty = [];
    for (const tell of listeners) tell();
  }

  /** Who has waited long enough is told; the others are first when it is tried again. */
  #putBack(jobs: Job[], error: unknown): void {
    const now = performance.now();
    this.#failedTries += 1;
    this.#waiting = [...jobs.filter((job) => job.give_up_at > now), ...this.#waiting];
    for (const job of jobs) if (job.give_up_at <= now) job.reject(error);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof CodepaktError && error.code === 'busy';
}
