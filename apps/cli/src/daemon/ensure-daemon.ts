import { setTimeout as sleep } from 'node:timers/promises';
import { API_VERSION, CodepaktError, SANDBOX_HINT } from '@codepakt/contract/light';
import { readToken } from '../read-token.ts';
import type { ServerAddress } from '../server-address.ts';
import { foreign, incompatible } from '../server-errors.ts';
import { compareVersions } from './compare-versions.ts';
import { type DaemonState, readDaemonState } from './daemon-state.ts';
import { launch } from './launch.ts';
import { probe } from './probe.ts';
import { takeStartLock } from './start-lock.ts';
import { stopDaemon } from './stop-daemon.ts';

export interface DaemonOptions {
  address: ServerAddress;
  data_dir: string;
  env: NodeJS.ProcessEnv;
  /** The script that was started as `cpk`, and the version of this program. */
  entry: string;
  version: string;
}

/** A little more than whoever launches it has. */
const PATIENCE_MS = 90_000;
/** So often a daemon may be killed from outside while it starts: then something wants it dead. */
const MAX_KILLED = 3;

/**
 * Resolves when the daemon of this data directory serves: the one that runs, a newer one in place
 * of an older, or one that is started now. Of many processes that ask at once one starts it.
 * @throws CodepaktError `server_unreachable`, `port_taken`, `server_incompatible` or what kept it from starting.
 */
export async function ensureDaemon(options: DaemonOptions): Promise<DaemonState> {
  const end = performance.now() + PATIENCE_MS;
  let failure: unknown;
  let killed = 0;
  let replaced: DaemonState | undefined;
  while (performance.now() < end) {
    const { usable } = await look(options);
    if (usable !== undefined) return usable;
    if (options.env.CPK_NO_AUTOSTART === '1') throw notRunning(options);
    {
      using lock = takeStartLock(options.data_dir);
      if (lock !== undefined) {
        try {
          // Another may have started it between the look and the lock.
          const found = await look(options);
          if (found.usable !== undefined) return found.usable;
          // Under the lock, so that only who knows how the old one was reached starts the new one.
          if (found.older !== undefined) await stopDaemon(found.older, options.data_dir);
          replaced ??= found.older;
          return await start(options, replaced);
        } catch (error) {
          if (wasKilled(error)) killed += 1;
          // One that is just stopping still holds the data directory; so does one just starting.
          else if (!isAlreadyRunning(error)) throw error;
          if (killed === MAX_KILLED) throw error;
          failure = error;
        }
      }
    }
    await sleep(20 + Math.random() * 30);
  }
  throw notStarted(failure);
}

interface Found {
  /** The running daemon, when it is ours to use. */
  usable?: DaemonState;
  /** One that is older, and is to be replaced. */
  older?: DaemonState;
}

async function look(options: DaemonOptions): Promise<Found> {
  const state = readDaemonState(options.data_dir);
  if (state === undefined) return {};
  const found = await probe(state.url);
  // Its process id may have passed to another program since it died; then nobody answers, or a stranger.
  if (found.who !== 'codepakt' || found.instance_id !== state.instance_id) return {};
  refuseOtherPort(options.address, state);
  const isOlder = compareVersions(found.version, options.version) < 0;
  if (isOlder && options.env.CPK_NO_AUTOSTART !== '1') return { older: state };
  if (found.api_version !== API_VERSION) throw incompatible(state.url, found.version);
  return { usable: state };
}

/** A daemon takes the place of the one before it, with all that is known of how that was reached. */
async function start(options: DaemonOptions, before?: DaemonState): Promise<DaemonState> {
  const { address } = options;
  const port = before === undefined ? new URL(address.url).port : String(before.port);
  const flags = ['--port', port, ...(before === undefined ? [] : ['--host', before.host])];
  const { allow_hosts = [] } = before ?? {};
  if (allow_hosts.length > 0) flags.push('--allow-host', allow_hosts.join(','));
  const token = before === undefined ? undefined : readToken(options, before.url);
  try {
    return await launch({ ...options, flags, token });
  } catch (error) {
    if (!(error instanceof CodepaktError) || error.code !== 'port_taken') throw error;
    const found = await probe(address.url);
    if (found.who === 'codepakt') throw foreign(address.url, options.data_dir);
    if (found.who === 'nobody') throw error;
    throw new CodepaktError('port_taken', `another program answers at ${address.url}`, {
      hint: 'Choose another port with CPK_PORT.',
      cause: error,
    });
  }
}

/** Only who asked for a port by CPK_PORT insists on it. */
function refuseOtherPort({ url, source }: ServerAddress, state: DaemonState): void {
  const { port } = new URL(url);
  if (source !== 'CPK_PORT' || port === String(state.port)) return;
  throw new CodepaktError(
    'server_unreachable',
    `the server of this data directory is at port ${state.port}, but CPK_PORT asks for ${port}`,
    { hint: `Leave CPK_PORT out, or move it: cpk server restart --port ${port}` },
  );
}

function wasKilled(error: unknown): boolean {
  return error instanceof CodepaktError && error.details?.signal === 'SIGKILL';
}

function isAlreadyRunning(error: unknown): boolean {
  return error instanceof CodepaktError && error.code === 'already_running';
}

/** @param failure what was said at last, when another server has the data directory and can't be reached */
function notStarted(failure: unknown): CodepaktError {
  const why = failure instanceof Error ? `: ${failure.message}, but does not answer` : '';
  const hint = `${SANDBOX_HINT} Else see \`cpk server status\`.`;
  const message = `the server could not be started${why}`;
  return new CodepaktError('server_unreachable', message, { hint, cause: failure });
}

function notRunning({ address, data_dir }: DaemonOptions): CodepaktError {
  return new CodepaktError(
    'server_unreachable',
    `no server runs for ${data_dir}, and CPK_NO_AUTOSTART forbids to start one at ${address.url}`,
    { hint: 'Start it: cpk server start' },
  );
}
