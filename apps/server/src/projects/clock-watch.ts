/** Wall clock and monotonic clock this far apart: the machine slept, or the clock was set. */
const MAX_DRIFT_MS = 30_000;

export interface Clocks {
  /** Milliseconds since 1970. */
  wall(): number;
  /** Milliseconds since some moment; stands still while the machine sleeps. */
  monotonic(): number;
}

const systemClocks: Clocks = {
  wall: () => Date.now(),
  monotonic: () => performance.now(),
};

/**
 * Notices that time has passed in which no agent could reach this process: the machine slept, its
 * clock was set, or the process itself was stopped. Agents are not to lose their tasks by that.
 */
export class ClockWatch {
  readonly #clocks: Clocks;
  #wall: number;
  #monotonic: number;

  constructor(clocks: Clocks = systemClocks) {
    this.#clocks = clocks;
    this.#wall = clocks.wall();
    this.#monotonic = clocks.monotonic();
  }

  /** Whether there was a gap since the last call; to be called every second, and before a write. */
  hasJumped(): boolean {
    const wall = this.#clocks.wall();
    const monotonic = this.#clocks.monotonic();
    const passed = monotonic - this.#monotonic;
    const drift = Math.abs(wall - this.#wall - passed);
    this.#wall = wall;
    this.#monotonic = monotonic;
    return drift > MAX_DRIFT_MS || passed > MAX_DRIFT_MS;
  }
}
