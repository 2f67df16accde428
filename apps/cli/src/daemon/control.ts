import { resolve } from 'node:path';
import { CodepaktError } from '@codepakt/contract/light';
import type { Context } from '../context.ts';
import { readToken } from '../read-token.ts';
import {
  resolveServerSettings,
  type ServerArguments,
  type ServerSettings,
} from '../server-options.ts';
import { readUserSettings } from '../settings.ts';
import { type DaemonState, readDaemonState } from './daemon-state.ts';
import { launch } from './launch.ts';
import { probe } from './probe.ts';
import { serverToken } from './server-token.ts';
import { takeStartLock, waitForStartLock } from './start-lock.ts';
import { stopDaemon } from './stop-daemon.ts';

/** How the server of the data directory is. */
export interface ServerStatus {
  status: 'running' | 'stopped' | 'not healthy';
  /** What a person may not expect. */
  message?: string;
  url?: string;
  pid?: number;
  version?: string;
  started_at?: string;
  uptime_seconds?: number;
  data_dir: string;
}

/** Starts the server; one that runs as it is asked for is left as it is. */
export async function startServer(args: ServerArguments, context: Context): Promise<ServerStatus> {
  const { data_dir, invocation } = context;
  const running = await runningServer(data_dir);
  const wanted = settingsFor(args, context, running);
  if (running === undefined) return describe(await launchServer(wanted, context), data_dir);
  const asked = resolveServerSettings(args, invocation.env, {}, running);
  if (args.token_file !== undefined || !runsWith(running, asked)) {
    throw new CodepaktError(
      'already_running',
      `the server runs already, at ${running.url}, with settings of its own`,
      { hint: 'Use `cpk server restart` with the same flags and environment.' },
    );
  }
  const message = runsWith(running, wanted)
    ? 'it runs already'
    : 'it runs already, but not as `cpk config show` says; `cpk server restart` makes it so';
  return { ...describe(running, data_dir), message };
}

/** Stops the server, if it runs. */
export async function stopServer({ data_dir }: Context): Promise<ServerStatus> {
  const running = await runningServer(data_dir);
  if (running === undefined) return { status: 'stopped', message: 'it was not running', data_dir };
  await stopDaemon(running, data_dir);
  return { status: 'stopped', pid: running.pid, data_dir };
}

/** Stops it and starts it as it was, but for what flags, environment and settings say by now. */
export async function restartServer(
  args: ServerArguments,
  context: Context,
): Promise<ServerStatus> {
  const { data_dir, invocation } = context;
  // Held already while it stops: agents that wait for it would start one without these settings.
  using _lock = await waitForStartLock(data_dir);
  const running = await runningServer(data_dir);
  const settings = settingsFor(args, context, running);
  if (running === undefined) return describe(await launchServer(settings, context), data_dir);
  const token =
    serverToken(settings, invocation) ?? readToken({ data_dir, env: invocation.env }, running.url);
  const { checkStart } = await import('@codepakt/server');
  await checkStart({ ...settings, token }, running);
  await stopDaemon(running, data_dir);
  return describe(await launchServer(settings, context, token), data_dir);
}

/** How the server is; starts nothing. */
export async function lookAtServer({ data_dir }: Context): Promise<ServerStatus> {
  const state = readDaemonState(data_dir);
  if (state === undefined) return { status: 'stopped', data_dir };
  const found = await probe(state.url);
  if (found.who === 'codepakt' && found.instance_id === state.instance_id) {
    return describe(state, data_dir);
  }
  const message =
    found.who === 'codepakt'
      ? 'the server of another data directory answers there'
      : `${found.who} answers there`;
  return { ...describe(state, data_dir), status: 'not healthy', message };
}

/** The daemon of the data directory, known to be it by its answer. */
async function runningServer(data_dir: string): Promise<DaemonState | undefined> {
  const state = readDaemonState(data_dir);
  if (state === undefined) return undefined;
  const found = await probe(state.url);
  if (found.who === 'codepakt' && found.instance_id === state.instance_id) return state;
  return undefined;
}

function settingsFor(
  args: ServerArguments,
  { data_dir, invocation }: Context,
  running: DaemonState | undefined,
): ServerSettings {
  return resolveServerSettings(args, invocation.env, readUserSettings(data_dir), running);
}

/** Which token it asks for is not looked at. */
function runsWith(running: DaemonState, { port, host, allow_hosts }: ServerSettings): boolean {
  const isThere = port === 0 || port === running.port;
  return (
    isThere && host === running.host && String(allow_hosts) === String(running.allow_hosts ?? [])
  );
}

async function launchServer(
  settings: ServerSettings,
  context: Context,
  token?: string,
): Promise<DaemonState> {
  const { data_dir, invocation } = context;
  const { env, cwd, entry } = invocation;
  const flags = ['--port', String(settings.port), '--host', settings.host];
  if (settings.allow_hosts.length > 0) flags.push('--allow-host', settings.allow_hosts.join(','));
  if (settings.token_file !== undefined)
    flags.push('--token-file', resolve(cwd, settings.token_file));
  using _lock = takeStartLock(data_dir);
  return launch({ data_dir, env, entry, flags, token });
}

function describe(state: DaemonState, data_dir: string): ServerStatus {
  const { url, pid, version, started_at } = state;
  const uptime_seconds = Math.floor((Date.now() - Date.parse(started_at)) / 1_000);
  return { status: 'running', url, pid, version, started_at, uptime_seconds, data_dir };
}
