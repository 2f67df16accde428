import { randomUUID } from 'node:crypto';
import type { AddressInfo, Socket } from 'node:net';
import { API_VERSION, CodepaktError, DEFAULT_PORT } from '@codepakt/contract';
import type { FileLock } from '@codepakt/core';
import type { FastifyInstance } from 'fastify';
import { createServer } from './app.ts';
import { type DaemonInfo, removeDaemonInfo, writeDaemonInfo } from './daemon-file.ts';
import { takeDaemonLock } from './daemon-lock.ts';
import { listen, tryToListen } from './listen.ts';
import type { StartOptions } from './options.ts';
import { SHORTEST_TOKEN } from './plugins/token.ts';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/;
const ANY_ADDRESS = new Set(['0.0.0.0', '::', '']);
/** Requests that take longer when the server stops are cut off: it is to be gone within 5 s. */
const DRAIN_MS = 3_500;
/** Milliseconds between two looks for connections that are kept although nothing is asked any more. */
const IDLE_LOOK_MS = 20;

export interface RunningServer extends DaemonInfo {
  /** Refuses new work, finishes what runs, writes everything back, and lets go of the data directory. */
  stop(): Promise<void>;
}

/**
 * Makes the one server of a data directory listen, and writes `daemon.json` there.
 * @throws CodepaktError `already_running`, `port_taken`, `server_unreachable`, `wrong_usage`, `read_only`
 */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const { info, stop } = await start(options);
  return { ...info, stop };
}

/** Serves until SIGTERM or SIGINT, then stops in order. Resolves when the process may end with 0. */
export async function runServer(
  options: StartOptions,
  onListening: (server: DaemonInfo) => void = () => undefined,
): Promise<void> {
  const { app, info, stop } = await start(options);
  // Only looks on: the process still ends as it would, but the log knows why.
  process.on('uncaughtExceptionMonitor', (err) => app.log.fatal({ err }, 'the server broke down'));
  const { promise, resolve } = Promise.withResolvers<string>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, resolve);
  onListening(info);
  const signal = await promise;
  app.log.info({ signal }, 'the server stops');
  await stop();
}

/**
 * Refuses what `startServer` would refuse, before the server that runs is stopped for another.
 * @throws CodepaktError `port_taken`, `server_unreachable`, `wrong_usage`
 */
export async function checkStart(
  { host, port, token }: { host: string; port: number; token: string | undefined },
  running: Pick<DaemonInfo, 'host' | 'port'>,
): Promise<void> {
  refuseOpenDoor(host, token);
  if (host === running.host && port === running.port) return;
  // The port of the one that runs is free as soon as that has stopped.
  await tryToListen(host, port === running.port ? 0 : port);
}

interface Started {
  app: FastifyInstance;
  info: DaemonInfo;
  stop(): Promise<void>;
}

async function start(options: StartOptions): Promise<Started> {
  const { data_dir, host = '127.0.0.1', port = DEFAULT_PORT } = options;
  refuseOpenDoor(host, options.token);
  const lock = takeDaemonLock(data_dir);
  const instance_id = options.instance_id ?? randomUUID();
  let app: FastifyInstance | undefined;
  try {
    // Left behind by one that was killed.
    removeDaemonInfo(data_dir);
    const allow_hosts = [...(options.allow_hosts ?? []), ...namesOf(host)];
    app = createServer({ ...options, instance_id, allow_hosts });
    const connections = connectionsOf(app);
    await listen(app, host, port, options.onWaiting);
    const info = describe(app, options, instance_id, host);
    writeDaemonInfo(data_dir, info);
    app.log.info(info, 'the server listens');
    return { app, info, stop: stopOnce(app, connections, data_dir, lock) };
  } catch (error) {
    await app?.close();
    lock[Symbol.dispose]();
    throw error;
  }
}

function stopOnce(
  app: FastifyInstance,
  connections: ReadonlySet<Socket>,
  data_dir: string,
  lock: FileLock,
): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    await close(app, connections);
    removeDaemonInfo(data_dir);
    lock[Symbol.dispose]();
  };
  return () => {
    stopping ??= stop();
    return stopping;
  };
}

function describe(
  app: FastifyInstance,
  { version, allow_hosts = [] }: StartOptions,
  instance_id: string,
  host: string,
): DaemonInfo {
  const { port } = app.server.address() as AddressInfo;
  const reachable = ANY_ADDRESS.has(host) ? '127.0.0.1' : host;
  const authority = reachable.includes(':') ? `[${reachable}]` : reachable;
  return {
    pid: process.pid,
    host,
    port,
    allow_hosts: [...allow_hosts],
    url: `http://${authority}:${port}`,
    version,
    api_version: API_VERSION,
    instance_id,
    started_at: new Date().toISOString(),
  };
}

function connectionsOf(app: FastifyInstance): ReadonlySet<Socket> {
  const connections = new Set<Socket>();
  app.server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  return connections;
}

async function close(app: FastifyInstance, connections: ReadonlySet<Socket>): Promise<void> {
  const cutOff = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS);
  let silent: Socket[] = [];
  // Node does so once, at the beginning, and then waits for clients that were answered since.
  const closeIdle = setInterval(() => {
    app.server.closeIdleConnections();
    // To Node, one on which nothing was ever said is not idle: its first request is awaited. Who was
    // silent at the last look too has none on the way that could still be refused with a reason.
    for (const socket of silent) if (socket.bytesRead === 0) socket.destroy();
    silent = [...connections].filter(({ bytesRead }) => bytesRead === 0);
  }, IDLE_LOOK_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(cutOff);
    clearInterval(closeIdle);
  }
}

/** Whoever can reach the port can change boards, so beyond this machine only with a token. */
function refuseOpenDoor(host: string, token: string | undefined): void {
  if (token === undefined) {
    if (LOOPBACK.test(host)) return;
    throw new CodepaktError('wrong_usage', `${host} is reachable from outside and needs a token`, {
      hint: 'Set CPK_TOKEN or --token-file, or leave --host at 127.0.0.1.',
    });
  }
  if (token.length >= SHORTEST_TOKEN && /^[\x21-\x7e]+$/.test(token)) return;
  throw new CodepaktError(
    'wrong_usage',
    `the token must be at least ${SHORTEST_TOKEN} characters of ASCII without spaces`,
    { hint: 'Make one with `openssl rand -hex 32`.' },
  );
}

/** An address of this machine can't be rebound by a name server: it may stand in Host. */
function namesOf(host: string): string[] {
  if (ANY_ADDRESS.has(host)) return [];
  return [host.includes(':') ? `[${host}]` : host];
}
