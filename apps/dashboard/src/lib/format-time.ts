const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** `now`, `12m`, `3h`, `5d`: how long something has lasted, in the largest unit that fits. */
export function formatAge(seconds: number): string {
  if (seconds < MINUTE) return 'now';
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)}m`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)}h`;
  return `${Math.floor(seconds / DAY)}d`;
}

/** `just now`, `12m ago`. */
export function formatAgo(seconds: number): string {
  return seconds < MINUTE ? 'just now' : `${formatAge(seconds)} ago`;
}

/** `40s`, `12m`, `3h 20m`, `5d 4h`: a duration in at most two units. */
export function formatDuration(seconds: number): string {
  if (seconds < MINUTE) return `${Math.round(seconds)}s`;
  if (seconds < HOUR) return `${Math.round(seconds / MINUTE)}m`;
  if (seconds < DAY) return twoUnits(seconds, HOUR, 'h', MINUTE, 'm');
  return twoUnits(seconds, DAY, 'd', HOUR, 'h');
}

function twoUnits(seconds: number, large: number, a: string, small: number, b: string): string {
  const rest = Math.floor((seconds % large) / small);
  return `${Math.floor(seconds / large)}${a}${rest === 0 ? '' : ` ${rest}${b}`}`;
}

/** Seconds between a timestamp and `now`, milliseconds since 1970; never below zero. */
export function secondsSince(timestamp: string, now: number): number {
  return Math.max(0, (now - Date.parse(timestamp)) / 1_000);
}

const full = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const short = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** The moment in full, in the reader's own time zone. */
export function formatMoment(timestamp: string): string {
  return full.format(new Date(timestamp));
}

/** `3 Nov`. */
export function formatDay(timestamp: string): string {
  return short.format(new Date(timestamp));
}
