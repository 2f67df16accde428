import { parseDuration } from './parse-duration.ts';
import { wrongUsage } from './wrong-usage.ts';

/** A date, perhaps with a time, perhaps with a zone. Date.parse alone takes "90" for the year 1990. */
const TIME =
  /^(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/i;

/** The time that `--since` means, in UTC: so long ago, or the time itself. */
export function parseSince(text: string, now = Date.now()): string {
  const time = /^\d+[smhd]$/.test(text)
    ? now - parseDuration('--since', text) * 1_000
    : parseTime(text);
  // Nothing happened before 1970, and a server takes no time before the year 0.
  if (!Number.isNaN(time)) return new Date(Math.max(0, time)).toISOString();
  throw wrongUsage(`--since is ${JSON.stringify(text)}, but must be like 2h or 2026-01-31T12:00Z`);
}

function parseTime(text: string): number {
  const day = TIME.exec(text)?.[1];
  return day !== undefined && isDay(day) ? Date.parse(text) : Number.NaN;
}

/** Date.parse makes 2 March of 30 February. */
function isDay(day: string): boolean {
  const time = Date.parse(day);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day);
}
