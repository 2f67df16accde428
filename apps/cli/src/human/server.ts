import type { ServerStatus } from '../daemon/control.ts';
import { colours } from './colour.ts';
import { showDuration } from './time.ts';

export function showServer({
  status,
  message,
  url,
  pid,
  version,
  uptime_seconds,
  data_dir,
}: ServerStatus): string {
  const { bold, dim, green, red } = colours;
  const colour = status === 'running' ? green : status === 'stopped' ? dim : red;
  const facts = [
    version === undefined || status === 'stopped' ? '' : `codepakt ${version}`,
    pid === undefined ? '' : `process ${pid}`,
    uptime_seconds === undefined ? '' : `for ${showDuration(uptime_seconds)}`,
  ].filter((fact) => fact !== '');
  return [
    `${colour(status)}${url === undefined ? '' : ` at ${bold(url)}`}${facts.length > 0 ? `  ${dim(facts.join(', '))}` : ''}`,
    ...(message === undefined ? [] : [message]),
    dim(`data directory ${data_dir}`),
  ].join('\n');
}
