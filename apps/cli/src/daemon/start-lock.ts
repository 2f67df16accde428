import { closeSync, mkdirSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CodepaktError, SANDBOX_HINT } from '@codepakt/contract/light';
import { isAlive } from './daemon-state.ts';

/** No start takes that long: whoever holds the lock longer has lost its way. */
const STALE_MS = 30_000;

/**
 * Lets one of many processes start the daemon while the others wait for it. It only saves work:
 * that there is one daemon a data directory is seen to by the daemon itself.
 * Undefined when another process is at it.
 * @throws CodepaktError `read_only`, `disk_full` when the data directory can't be written.
 */
export function takeStartLock(data_dir: string): Disposable | undefined {
  const file = join(data_dir, 'daemon.starting');
  let descriptor: number;
  try {
    mkdirSync(data_dir, { recursive: true, mode: 0o700 });
    descriptor = openSync(file, 'wx', 0o600);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code !== 'EEXIST' || !isFolder(data_dir)) throw cannotWrite(data_dir, cause);
    if (isStale(file)) rmSync(file, { force: true });
    return undefined;
  }
  try {
    writeSync(descriptor, String(process.pid));
  } catch (cause) {
    // Left behind without an id, it would keep others from starting for a while.
    rmSync(file, { force: true });
    throw cannotWrite(data_dir, cause);
  } finally {
    closeSync(descriptor);
  }
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
}

/** The same, when the other process is through; undefined when that takes too long. */
export async function waitForStartLock(data_dir: string): Promise<Disposable | undefined> {
  const end = performance.now() + STALE_MS;
  for (;;) {
    const lock = takeStartLock(data_dir);
    if (lock !== undefined || performance.now() > end) return lock;
    await sleep(20);
  }
}

function isStale(file: string): boolean {
  try {
    if (Date.now() - statSync(file).mtimeMs > STALE_MS) return true;
    const pid = readFileSync(file, 'utf8');
    // Just made, and its holder has not got round to writing its id.
    return pid !== '' && !isAlive(Number(pid));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function cannotWrite(data_dir: string, cause: unknown): CodepaktError {
  const why = cause instanceof Error ? cause.message : String(cause);
  if (['ENOSPC', 'EDQUOT', 'EFBIG'].includes(String((cause as NodeJS.ErrnoException).code))) {
    const message = `the data directory ${data_dir} is on a disk that is full: ${why}`;
    return new CodepaktError('disk_full', message, { hint: 'Free some space and repeat.', cause });
  }
  return new CodepaktError('read_only', `the data directory ${data_dir} can't be written: ${why}`, {
    hint: `${SANDBOX_HINT} Else make it writable, or set CPK_DATA_DIR.`,
    cause,
  });
}
