import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { CodepaktError, SANDBOX_HINT } from '@codepakt/contract';
import type { FastifyInstance } from 'fastify';

/** So long a system keeps the port of a connection that has ended (Linux: 60 s), and a little more. */
const KEPT_MS = 65_000;
const RETRY_MS = 250;
/** Who has not taken a connection by then is there all the same. */
const ANSWER_MS = 1_000;

/**
 * Listens. Systems give any port to outgoing connections, ours too while we don't run, and keep it for
 * a while after such a connection has ended: that is waited for, and not taken for another server.
 * @param onWaiting told once, when it has to wait, what for and how long
 * @throws CodepaktError `port_taken`, `server_unreachable`, `wrong_usage`
 */
export async function listen(
  app: FastifyInstance,
  host: string,
  port: number,
  onWaiting?: (why: string) => void,
): Promise<void> {
  let isToldOf = false;
  const end = performance.now() + KEPT_MS;
  for (;;) {
    try {
      await app.listen({ host, port });
      return;
    } catch (error) {
      if (performance.now() > end || !(await isKept(error, host, port)))
        throw explain(error, host, port);
    }
    if (!isToldOf) onWaiting?.(explainWait(host, port));
    isToldOf = true;
    await sleep(RETRY_MS);
  }
}

/**
 * Makes sure that a server can listen there, now or when the port is kept no more; then nobody does.
 * @throws CodepaktError as `listen` does
 */
export async function tryToListen(host: string, port: number): Promise<void> {
  const server = createServer();
  try {
    await once(server.listen({ host, port }), 'listening');
    await promisify(server.close.bind(server))();
  } catch (error) {
    if (!(await isKept(error, host, port))) throw explain(error, host, port);
  }
}

/** Whether all that has the port is what is left of a connection. */
async function isKept(error: unknown, host: string, port: number): Promise<boolean> {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'EADDRINUSE' && !(await doesAnybodyListen(host, port));
}

function doesAnybodyListen(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port, timeout: ANSWER_MS });
  return new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('timeout', () => resolve(true));
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED'));
  }).finally(() => socket.destroy());
}

function explainWait(host: string, port: number): string {
  const who = `port ${port} of ${host}: a connection that is ending still has it`;
  return `waiting, ${KEPT_MS / 1_000} s at most, for ${who}`;
}

function explain(error: unknown, host: string, port: number): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    return new CodepaktError('port_taken', `port ${port} of ${host} is taken by another program`, {
      hint: 'Choose another with CPK_PORT or --port.',
      details: { port, host },
      cause: error,
    });
  }
  if (code === 'EADDRNOTAVAIL' || code === 'EACCES' || code === 'ENOTFOUND') {
    return new CodepaktError('wrong_usage', `the server can't listen on port ${port} of ${host}`, {
      hint: 'Check --host and --port (CPK_HOST, CPK_PORT).',
      cause: error,
    });
  }
  if (code === 'EPERM') {
    const message = `the server may not listen on port ${port} of ${host}`;
    return new CodepaktError('server_unreachable', message, { hint: SANDBOX_HINT, cause: error });
  }
  return error;
}
