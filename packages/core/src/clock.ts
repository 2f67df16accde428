/** Where time comes from; tests bring their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** UTC, ISO 8601 with milliseconds. */
export function timestamp(clock: Clock, offset_ms = 0): string {
  return new Date(clock.now() + offset_ms).toISOString();
}

/** The time as part of a file name, such as 20260131T120000000Z. */
export function stampOf(clock: Clock): string {
  return timestamp(clock).replaceAll(/[-:.]/g, '');
}
