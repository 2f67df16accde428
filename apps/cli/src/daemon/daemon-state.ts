import { join } from 'node:path';
import { readJsonFile } from '../settings.ts';

/** What a running daemon says of itself in `daemon.json` of its data directory. */
export interface DaemonState {
  pid: number;
  host: string;
  port: number;
  /** Left out by versions that did not tell. */
  allow_hosts?: string[];
  url: string;
  version: string;
  api_version: number;
  instance_id: string;
  started_at: string;
}

/** The daemon that serves this data directory; undefined when none does, or the one that did is dead. */
export function readDaemonState(data_dir: string): DaemonState | undefined {
  const state = lastDaemonState(data_dir);
  return state !== undefined && isAlive(state.pid) ? state : undefined;
}

/** What the last daemon said that did not take it back: it may be dead. */
export function lastDaemonState(data_dir: string): DaemonState | undefined {
  try {
    return readJsonFile<DaemonState>(join(data_dir, 'daemon.json'));
  } catch {
    // It is the daemon's file, and written anew when one starts: a broken one says nothing.
    return undefined;
  }
}

/** Whether a process of this id exists, be it another user's. */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
