import { lost, lostReason, type Transport, type TransportRequest } from '@codepakt/api-client';
import { createNodeTransport } from '@codepakt/api-client/node';
import type { CodepaktError } from '@codepakt/contract';
import { API_VERSION, HEADERS } from '@codepakt/contract/light';
import { compareVersions } from './daemon/compare-versions.ts';
import { type DaemonState, readDaemonState } from './daemon/daemon-state.ts';
import type { DaemonOptions } from './daemon/ensure-daemon.ts';
import { readToken } from './read-token.ts';
import type { ServerAddress } from './server-address.ts';
import { incompatible, notThere } from './server-errors.ts';

/** A request is sent this often at most; each time the daemon is started anew when it is gone. */
const TRIES = 6;

export interface ServerTransportOptions extends DaemonOptions {
  address: ServerAddress;
}

type Answer = { status: number; headers: Readonly<Record<string, string>> };

/**
 * Sends to the server of this call. The local daemon is started on demand, and replaced when it is
 * older than this program. A request whose answer was lost is sent again under the same
 * idempotency key, so that it takes effect once.
 */
export function createServerTransport(options: ServerTransportOptions): Transport {
  return {
    send: (request) =>
      withRetries(options, request, async (transport, keyed) => {
        const answer = await transport.send(keyed);
        if (answer.status === 503 && answer.body.includes('"shutting_down"')) throw stopping();
        return answer;
      }),
    open: (request) => withRetries(options, request, (transport, keyed) => transport.open(keyed)),
  };
}

async function withRetries<A extends Answer>(
  options: ServerTransportOptions,
  request: TransportRequest,
  attempt: (transport: Transport, request: TransportRequest) => Promise<A>,
): Promise<A> {
  const keyed = withKey(request);
  let daemon = options.address.is_own ? findDaemon(options) : undefined;
  for (let tries = 1; ; tries++) {
    if (options.address.is_own && daemon === undefined) daemon = await startDaemon(options);
    const url = daemon?.url ?? options.address.url;
    try {
      const token = readToken(options, url);
      const answer = await attempt(createNodeTransport(url, { token }), keyed);
      checkAnswer(answer.headers, daemon, url);
      return answer;
    } catch (error) {
      const reason = lostReason(error);
      const isWorthAnother = reason === 'refused' || reason === 'lost';
      if (!isWorthAnother || tries === TRIES || request.signal?.aborted === true) throw error;
      if (!options.address.is_own && reason === 'refused') throw notThere(options.address);
      // Whether it is still there, and if not, why, is found out from the beginning.
      daemon = undefined;
      if (!options.address.is_own) await new Promise((resolve) => setTimeout(resolve, 100 * tries));
    }
  }
}

/** The short way: a running daemon that this program can use as it is. Everything else takes the long one. */
function findDaemon({
  address,
  data_dir,
  version,
}: ServerTransportOptions): DaemonState | undefined {
  const state = readDaemonState(data_dir);
  if (state === undefined || state.api_version !== API_VERSION) return undefined;
  if (compareVersions(state.version, version) < 0) return undefined;
  const insists = address.source === 'CPK_PORT';
  return insists && new URL(address.url).port !== String(state.port) ? undefined : state;
}

async function startDaemon(options: ServerTransportOptions): Promise<DaemonState> {
  const { ensureDaemon } = await import('./daemon/ensure-daemon.ts');
  return ensureDaemon(options);
}

function withKey(request: TransportRequest): TransportRequest {
  if (!takesKey(request) || request.headers['idempotency-key'] !== undefined) return request;
  return { ...request, headers: { ...request.headers, 'idempotency-key': newKey() } };
}

/**
 * Unique without `node:crypto`, which costs more to load than all the rest of a request. The time
 * comes first, so that new keys stand beside each other in the database.
 */
export function newKey(): string {
  const random = () => Math.random().toString(36).slice(2, 12);
  return `cpk-${Date.now().toString(36)}-${process.pid}-${random()}${random()}`;
}

/** A sign of life twice is a sign of life: remembering it would cost a write. */
function takesKey({ method, path }: TransportRequest): boolean {
  return method !== 'GET' && !path.endsWith('/heartbeat');
}

function checkAnswer(
  headers: Answer['headers'],
  daemon: DaemonState | undefined,
  url: string,
): void {
  const api = headers[HEADERS.api];
  if (api === undefined) throw lost('not_codepakt', `what answers at ${url} is not codepakt`);
  if (api !== String(API_VERSION)) throw incompatible(url, headers[HEADERS.version]);
  if (daemon === undefined || headers[HEADERS.instance] === daemon.instance_id) return;
  // Most likely ours, begun anew since we looked; a foreign one is told of when we look again.
  throw lost('lost', `the server at ${url} is not the one that was looked up`);
}

function stopping(): CodepaktError {
  return lost('lost', 'the server is stopping');
}
