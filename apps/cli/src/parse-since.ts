import { parseDuration } from './parse-duration.ts';
import { wrongUsage } from './wrong-usage.ts';

/** The time that `--since` means, in UTC: so long ago, or the time itself. */
export function parseSince(text: string, now = Date.now()): string {
  if (/^\d+[smhd]$/.test(text)) {
    return new Date(now - parseDuration('--since', text) * 1_000).toISOString();
  }
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw wrongUsage(`--since is ${JSON.stringify(text)}, but must be like 2h or 2026-01-31T12:00Z`);
}
