/** So many wrong guesses are free: a typing error is no attack. */
const FREE_GUESSES = 5;
const LONGEST_WAIT_SECONDS = 60;
/** Enough to remember every honest caller; an attacker with more addresses pushes out the oldest. */
const MAX_ADDRESSES = 10_000;

interface Guesses {
  count: number;
  /** Milliseconds on the limiter's clock. */
  free_at: number;
}

/** Makes guessing slow: after a few wrong guesses each further one doubles the wait of its address. */
export class GuessLimiter {
  readonly #guesses = new Map<string, Guesses>();
  readonly #now: () => number;

  /** `now` is monotonic milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** How long this address has to wait before its next guess is looked at; 0: not at all. */
  secondsToWait(address: string): number {
    const guesses = this.#guesses.get(address);
    if (guesses === undefined) return 0;
    return Math.max(0, Math.ceil((guesses.free_at - this.#now()) / 1_000));
  }

  /** Counts a wrong guess; answers how many there were. */
  count(address: string): number {
    const count = (this.#guesses.get(address)?.count ?? 0) + 1;
    const over = count - FREE_GUESSES;
    const wait = over < 0 ? 0 : Math.min(2 ** over, LONGEST_WAIT_SECONDS);
    this.#guesses.delete(address);
    if (this.#guesses.size >= MAX_ADDRESSES) this.#forgetOldest();
    this.#guesses.set(address, { count, free_at: this.#now() + wait * 1_000 });
    return count;
  }

  forget(address: string): void {
    this.#guesses.delete(address);
  }

  #forgetOldest(): void {
    for (const oldest of this.#guesses.keys()) {
      this.#guesses.delete(oldest);
      return;
    }
  }
}
