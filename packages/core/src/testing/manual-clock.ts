import type { Clock } from '../clock.ts';

/** A clock that stands still until it is told. */
export class ManualClock implements Clock {
  #now: number;

  /** `start`: milliseconds since 1970. */
  constructor(start = Date.UTC(2026, 0, 1)) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  advance(seconds: number): void {
    this.#now += seconds * 1_000;
  }
}
