import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const PATIENCE_MS = 15_000;
/** How long a daemon may take to say that it is there when whoever started it was killed. */
const START_MS = 5_000;

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
  const began = performance.now();
  for (;;) {
    const pid = daemonPid(data_dir);
    const waited = performance.now() - began;
    if (pid !== undefined) process.kill(pid, signal);
    else if (!isBeingStarted(data_dir, waited)) return;
    if (waited > PATIENCE_MS) throw new Error(`the daemon of ${data_dir} does not end`);
    await sleep(50);
  }
}

/** Whoever was killed while starting it leaves the file, and maybe a daemon that is still to come. */
function isBeingStarted(data_dir: string, waited_ms: number): boolean {
  try {
    const starter = Number(readFileSync(join(data_dir, 'daemon.starting'), 'utf8'));
    if (starter > 0) process.kill(starter, 0);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return false;
    if (code === 'ESRCH') return waited_ms < START_MS;
    throw error;
  }
}
