/** Where time comes from; tests bring their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** So many moments are kept in writing. */
const MAX_WRITTEN = 32;
const written = new Map<number, string>();

/**
 * UTC, ISO 8601 with milliseconds. Within a millisecond, works that share a commit name the same
 * few moments over and over, and each costs half a microsecond to write out.
 */
export function timestamp(clock: Clock, offset_ms = 0): string {
  const moment = clock.now() + offset_ms;
  let text = written.get(moment);
  if (text === undefined) {
    text = new Date(moment).toISOString();
    if (written.size === MAX_WRITTEN) written.clear();
    written.set(moment, text);
  }
  return text;
}

/** The time as part of a file name, such as 20260131T120000000Z. */
export function stampOf(clock: Clock): string {
  return timestamp(clock).replaceAll(/[-:.]/g, '');
}
