const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
] as const;

/** `3m ago`, `in 2h`, `now`. */
export function showTime(iso: string, now = Date.now()): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1_000);
  if (Math.abs(seconds) < 1) return 'now';
  return seconds < 0 ? `${showDuration(-seconds)} ago` : `in ${showDuration(seconds)}`;
}

/** Seconds as `90s`, `3m`, `2h`, `5d`: one unit, rounded down. */
export function showDuration(seconds: number): string {
  for (const [unit, length] of UNITS) {
    if (seconds >= length * (unit === 's' ? 1 : 2)) return `${Math.floor(seconds / length)}${unit}`;
  }
  return `${Math.round(seconds)}s`;
}
