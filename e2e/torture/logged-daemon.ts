import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { daemonPid } from './daemons.ts';
import { endingOf, type Site, type SpawnedDaemon } from './site.ts';

const PATIENCE_MS = 20_000;

/** For a board that was filled with SQL: its log does not tell what is on it. */
export const UNEXAMINED = { CPK_NO_EXAMINATION: '1' };

/** Starts a daemon that logs into its data directory, as one does that `cpk` started. */
export async function startLoggedDaemon(
  site: Site,
  env: Record<string, string> = {},
): Promise<SpawnedDaemon> {
  const child = site.spawn(['server', 'run', '--detached'], { env });
  const ended = endingOf(child);
  const end = performance.now() + PATIENCE_MS;
  while (daemonPid(site.data_dir) !== child.pid) {
    if (performance.now() > end || child.exitCode !== null) {
      throw new Error(`the daemon did not start: ${(await ended).stderr}`);
    }
    await sleep(20);
  }
  const { url } = JSON.parse(readFileSync(join(site.data_dir, 'daemon.json'), 'utf8')) as {
    url: string;
  };
  return { pid: child.pid ?? 0, url, kill: (signal) => child.kill(signal), ended };
}

/** One entry of the daemon's log. */
export interface LogLine {
  level: string;
  msg: string;
  method?: string;
  route?: string;
  status?: number;
}

/** All that daemons of a data directory have logged, as far as it is kept. */
export function readLog({ data_dir }: Pick<Site, 'data_dir'>): LogLine[] {
  return readdirSync(data_dir)
    .filter((name) => name.startsWith('server.log'))
    .flatMap((name) => readFileSync(join(data_dir, name), 'utf8').split('\n'))
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as LogLine);
}
