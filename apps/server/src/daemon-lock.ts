import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CodepaktError } from '@codepakt/contract';
import { type FileLock, takeFileLock } from '@codepakt/core';
import { type DaemonInfo, readDaemonInfo } from './daemon-file.ts';

/**
 * Takes the right to be the daemon of a data directory, making the directory if need be. It is
 * given back when it is disposed of, and when the process dies.
 * @throws CodepaktError `already_running`, naming who runs; `read_only`.
 */
export function takeDaemonLock(data_dir: string): FileLock {
  try {
    mkdirSync(data_dir, { recursive: true, mode: 0o700 });
    return takeFileLock(join(data_dir, 'daemon.lock'));
  } catch (error) {
    throw toLockError(error, data_dir);
  }
}

function toLockError(error: unknown, data_dir: string): unknown {
  const { code = '' } = error as { code?: string };
  if (code === 'busy') return alreadyRunning(readDaemonInfo(data_dir), data_dir);
  if (['EACCES', 'EPERM', 'EROFS', 'read_only'].includes(code)) {
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
