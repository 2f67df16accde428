import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { CodepaktError, isErrorCode } from '@codepakt/contract/light';
import type { DaemonState } from './daemon-state.ts';

export interface LaunchOptions {
  data_dir: string;
  env: NodeJS.ProcessEnv;
  /** The script that was started as `cpk`. */
  entry: string;
  /** For `cpk server run`. */
  flags: readonly string[];
  /** Asked of all callers. */
  token?: string | undefined;
}

/** What the daemon tells the process that started it: how the start went, and before that what it waits for. */
export type LaunchReport =
  | { waiting: string }
  | { ready: DaemonState }
  | { failed: { code: string; message: string; hint: string | undefined } };

/** The daemon opens no board before it listens, but may wait a minute for its port. */
const PATIENCE_MS = 80_000;

/** What belongs to the one call, not to the daemon that outlives it. */
const NOT_INHERITED = ['CPK_AGENT', 'CPK_PROJECT', 'CPK_OUTPUT', 'CPK_URL', 'CPK_NO_AUTOSTART'];

/**
 * Starts `cpk server run` apart from this process and resolves when it serves.
 * @throws CodepaktError what kept it from starting, such as `port_taken` or `already_running`.
 */
export async function launch(options: LaunchOptions): Promise<DaemonState> {
  const { data_dir, env, entry, flags, token } = options;
  const inherited = Object.fromEntries(
    Object.entries(env).filter(([name]) => !NOT_INHERITED.includes(name)),
  );
  const log = openSync(join(data_dir, 'server.log'), 'a', 0o600);
  try {
    const child = spawn(
      process.execPath,
      [...conditions(), entry, 'server', 'run', '--detached', ...flags],
      {
        detached: true,
        // Not the caller's folder, which could then not be removed or unmounted.
        cwd: data_dir,
        env: {
          ...inherited,
          CPK_DATA_DIR: data_dir,
          ...(token === undefined ? {} : { CPK_TOKEN: token }),
        },
        stdio: ['ignore', log, log, 'ipc'],
      },
    );
    const report = await outcomeOf(child, data_dir);
    if ('ready' in report) return report.ready;
    const { code, message, hint } = report.failed;
    throw new CodepaktError(isErrorCode(code) ? code : 'internal', message, {
      ...(hint === undefined ? {} : { hint }),
    });
  } finally {
    closeSync(log);
  }
}

/** From its source it runs under a condition; what else Node was told, such as to profile, is for one call. */
function conditions(): string[] {
  const index = process.execArgv.findIndex((word) => word === '-C' || word === '--conditions');
  return index < 0 ? [] : process.execArgv.slice(index, index + 2);
}

/** In JSON mode too: whoever waits for a minute has to know why. */
export function sayWaiting(why: string): void {
  process.stderr.write(`${why}\n`);
}

function outcomeOf(
  child: ChildProcess,
  data_dir: string,
): Promise<Exclude<LaunchReport, { waiting: string }>> {
  return new Promise((resolve, reject) => {
    const failed = (message: string, signal: NodeJS.Signals | null = null) =>
      reject(
        new CodepaktError('server_unreachable', message, {
          hint: `Its log says more: ${join(data_dir, 'server.log')}`,
          ...(signal === null ? {} : { details: { signal } }),
        }),
      );
    const timer = setTimeout(() => failed('the server did not start in time'), PATIENCE_MS);
    child.on('message', (message) => {
      const report = message as LaunchReport;
      if ('waiting' in report) return sayWaiting(report.waiting);
      resolve(report);
      letGo();
    });
    child.once('error', (error) => failed(`the server could not be started: ${error.message}`));
    child.once('exit', (code, signal) =>
      failed(`the server ended while it started (${signal ?? `exit code ${code}`})`, signal),
    );
    const letGo = () => {
      clearTimeout(timer);
      child.removeAllListeners();
      if (child.connected) child.disconnect();
      child.unref();
    };
    child.once('exit', letGo);
  });
}
