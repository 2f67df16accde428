import { vi } from 'vitest';

/** Stops the monotonic clock until it is disposed: how long a busy machine takes decides nothing. */
export function standingClock(): Disposable {
  vi.useFakeTimers({ toFake: ['performance'] });
  return { [Symbol.dispose]: () => vi.useRealTimers() };
}
