import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { CodepaktError } from '@codepakt/contract';
import Sqlite from 'better-sqlite3';
import { type DaemonInfo, readDaemonInfo } from './daemon-file.ts';

/** The right to be the daemon of a data directory. */
export interface DaemonLock {
  [Symbol.dispose](): void;
}

/**
 * Takes the lock of a data directory, making the directory if need be. The lock is SQLite's on an
 * empty file: the kernel lets go of it when the process dies, however it dies, so that no stale
 * file and no other program's pid can be mistaken for a daemon.
 * @throws CodepaktError `already_running`, naming who runs; `read_only`.
 */
export function takeDaemonLock(data_dir: string): DaemonLock {
  const file = join(data_dir, 'daemon.lock');
  let sqlite: Sqlite.Database | undefined;
  try {
    mkdirSync(data_dir, { recursive: true, mode: 0o700 });
    // Only when it is not there: closing any descriptor of it would drop this process's lock.
    if (!existsSync(file)) closeSync(openSync(file, 'wx', 0o600));
    sqlite = new Sqlite(file, { timeout: 0 });
    sqlite.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    sqlite?.close();
    throw toLockError(error, data_dir);
  }
  const held = sqlite;
  return { [Symbol.dispose]: () => held.close() };
}

function toLockError(error: unknown, data_dir: string): unknown {
  const { code = '' } = error as { code?: string };
  if (code.startsWith('SQLITE_BUSY')) return alreadyRunning(readDaemonInfo(data_dir), data_dir);
  if (['EACCES', 'EPERM', 'EROFS', 'SQLITE_CANTOPEN', 'SQLITE_READONLY'].includes(code)) {
    return new CodepaktError('read_only', `the data directory ${data_dir} can't be written to`, {
      hint: 'Check its rights, or choose another with CPK_DATA_DIR.',
      cause: error,
    });
  }
  return error;
}

function alreadyRunning(info: DaemonInfo | undefined, data_dir: string): CodepaktError {
  const who = info === undefined ? 'it is just starting' : `process ${info.pid} at ${info.url}`;
  return new CodepaktError('already_running', `a server for ${data_dir} runs already: ${who}`, {
    hint: 'Use it, or stop it with `cpk server stop`.',
    details: info === undefined ? {} : { pid: info.pid, url: info.url, version: info.version },
  });
}
