import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 15_000;

/** The process of the daemon of a data directory, if one runs there. */
export function daemonPid(data_dir: string): number | undefined {
  const file = join(data_dir, 'daemon.json');
  try {
    const { pid } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number };
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

/** Ends the daemon of a data directory, also one that is just being started. */
export async function endDaemon(data_dir: string, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const pid = daemonPid(data_dir);
    if (pid !== undefined) process.kill(pid, signal);
    else if (!existsSync(join(data_dir, 'daemon.starting'))) return;
    if (performance.now() > end) throw new Error(`the daemon of ${data_dir} does not end`);
    await sleep(50);
  }
}
