import { wrongUsage } from './wrong-usage.ts';

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Seconds of `90s`, `30m`, `2h`, `1d`; a bare number is seconds. */
export function parseDuration(what: string, text: string): number {
  const [, number = '', unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(text) ?? [];
  if (number !== '') return Number(number) * (SECONDS[unit] ?? 1);
  throw wrongUsage(`${what} is ${JSON.stringify(text)}, but must be a time like 90s, 30m or 2h`);
}
