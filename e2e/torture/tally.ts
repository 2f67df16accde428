import type { Random } from './random.ts';

/** What was tried, counted, and what gave way. */
export class Tally {
  readonly figures: Record<string, number> = {};
  readonly faults: string[] = [];

  count(what: string, times = 1): void {
    this.figures[what] = (this.figures[what] ?? 0) + times;
  }

  /** Takes what gave way in an attempt, under the attempt's name. */
  blame(what: string, faults: readonly string[]): void {
    this.faults.push(...faults.map((fault) => `${what}: ${fault}`));
  }

  /** Notes a fault unless something holds. */
  expect(what: string, holds: boolean, otherwise: string): void {
    if (!holds) this.blame(what, [otherwise]);
  }
}

/** What every attempt of a part is given. */
export interface Attempt {
  /** The bundled `cpk.js`. */
  entry: string;
  random: Random;
  tally: Tally;
  signal: AbortSignal;
}
