import { setTimeout as sleep } from 'node:timers/promises';
import { CodepaktError } from '@codepakt/contract/light';
import { type DaemonState, readDaemonState } from './daemon-state.ts';

/** It finishes what runs and exits within 5 s; a slow disk gets some more. */
const PATIENCE_MS = 15_000;

/**
 * Asks a daemon to finish what it does and end, and resolves when it has. The caller has made sure
 * that the process is that daemon.
 * @throws CodepaktError `server_unhealthy` when it does not end.
 */
export async function stopDaemon(state: DaemonState, data_dir: string): Promise<void> {
  signal(state.pid);
  const end = performance.now() + PATIENCE_MS;
  while (isStill(state, data_dir)) {
    if (performance.now() > end) {
      throw new CodepaktError(
        'server_unhealthy',
        `the server (process ${state.pid}) does not end`,
        {
          hint: `End it by force: kill -9 ${state.pid}`,
        },
      );
    }
    await sleep(10);
  }
}

function isStill(state: DaemonState, data_dir: string): boolean {
  return readDaemonState(data_dir)?.instance_id === state.instance_id;
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch (error) {
    // Gone already; what was asked for.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
