import type { Endpoint, Endpoints, InputOf, ResponseOf, Route } from '@codepakt/contract';
import { CodepaktError, fillPath, HEADERS, routes } from '@codepakt/contract/light';
import { collectText } from './collect-text.ts';
import { readServerSentEvents } from './server-sent-events.ts';
import { lost, toError } from './to-error.ts';
import type { Transport, TransportRequest } from './transport.ts';

export interface CallOptions {
  /** Who acts; left out: a person. */
  agent?: string | undefined;
  /** The Idempotency-Key: the same key again has no second effect. */
  key?: string | undefined;
  /** The version that the change was made from. */
  if_match?: number | undefined;
  /** Milliseconds of silence after which the connection counts as lost. */
  timeout_ms?: number | undefined;
  signal?: AbortSignal | undefined;
}

type Arguments<Input> = unknown extends Input
  ? [input?: Record<string, never>, options?: CallOptions]
  : Record<string, never> extends Input
    ? [input?: Input, options?: CallOptions]
    : [input: Input, options?: CallOptions];

type Call<E extends Endpoint> = E extends { stream: 'events' }
  ? (...args: Arguments<InputOf<E>>) => Promise<AsyncIterable<ResponseOf<E>>>
  : E extends { stream: 'jsonl-out' }
    ? (...args: Arguments<InputOf<E>>) => Promise<AsyncIterable<string>>
    : E extends { stream: 'jsonl-in' }
      ? (
          input: InputOf<E> & { lines: string | AsyncIterable<string> },
          options?: CallOptions,
        ) => Promise<ResponseOf<E>>
      : (...args: Arguments<InputOf<E>>) => Promise<ResponseOf<E>>;

/**
 * Every endpoint of the contract as a function: `client.tasks.pickUp({ params, body }, { agent })`.
 * Each throws the very CodepaktError that the server sent, or `server_unreachable`.
 */
export type Client = {
  readonly [Group in keyof Endpoints]: {
    readonly [Name in keyof Endpoints[Group]]: Endpoints[Group][Name] extends infer E extends
      Endpoint
      ? Call<E>
      : never;
  };
};

interface Input {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  lines?: string | AsyncIterable<string>;
}

/** A client over a transport; `defaults` stand for every call that does not say otherwise. */
export function createClient(transport: Transport, defaults: CallOptions = {}): Client {
  const client: Record<string, Record<string, unknown>> = {};
  for (const [group, names] of Object.entries<Record<string, Route>>(routes)) {
    const calls: Record<string, unknown> = {};
    for (const [name, route] of Object.entries(names)) {
      const call = kindOf(group, name);
      calls[name] = (input: Input = {}, options: CallOptions = {}) =>
        call(transport, toRequest(route, input, { ...defaults, ...options }));
    }
    client[group] = calls;
  }
  return client as unknown as Client;
}

/** The three ways to read an answer; the schemas know which is whose, but are not loaded here. */
function kindOf(group: string, name: string): (t: Transport, r: TransportRequest) => unknown {
  if (group === 'events' && name === 'stream') return streamEvents;
  if (group === 'board' && name === 'export') return streamText;
  return sendJson;
}

function toRequest(route: Route, input: Input, options: CallOptions): TransportRequest {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (options.agent !== undefined) headers[HEADERS.agent] = encodeHeader(options.agent);
  if (options.key !== undefined) headers['idempotency-key'] = encodeHeader(options.key);
  if (options.if_match !== undefined) headers['if-match'] = `"${options.if_match}"`;
  const body = bodyOf(route, input, headers);
  return {
    method: route.method,
    path: fillPath(route.path, input.params ?? {}) + toQueryString(input.query ?? {}),
    headers,
    body,
    timeout_ms: options.timeout_ms,
    signal: options.signal,
  };
}

function bodyOf(
  route: Route,
  input: Input,
  headers: Record<string, string>,
): TransportRequest['body'] {
  if (input.lines !== undefined) {
    headers['content-type'] = 'application/x-ndjson';
    return input.lines;
  }
  if (route.method === 'GET') return undefined;
  // Also without a body: a mutation without this type is refused, so that no web page can send one.
  headers['content-type'] = 'application/json';
  return JSON.stringify(input.body ?? {});
}

async function sendJson(transport: Transport, request: TransportRequest): Promise<unknown> {
  const { status, headers, body } = await transport.send(request);
  if (status < 200 || status > 299) throw toError(status, body);
  if (headers[HEADERS.version] === undefined) throw notCodepakt();
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new CodepaktError('internal', 'the server sent broken JSON', { cause });
  }
}

async function streamText(
  transport: Transport,
  request: TransportRequest,
): Promise<AsyncIterable<string>> {
  const { status, headers, body } = await transport.open(request);
  if (status !== 200) throw toError(status, await collectText(body));
  if (headers[HEADERS.version] === undefined) {
    await body[Symbol.asyncIterator]().return?.();
    throw notCodepakt();
  }
  return body;
}

async function streamEvents(
  transport: Transport,
  request: TransportRequest,
): Promise<AsyncIterable<unknown>> {
  const accept = { ...request.headers, accept: 'text/event-stream' };
  return parseEach(await streamText(transport, { ...request, headers: accept }));
}

async function* parseEach(pieces: AsyncIterable<string>): AsyncGenerator<unknown, void, undefined> {
  for await (const { data } of readServerSentEvents(pieces)) yield JSON.parse(data);
}

function notCodepakt(): CodepaktError {
  return lost('not_codepakt', 'what answers at this address is not codepakt');
}

function toQueryString(query: Record<string, unknown>): string {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined)
        pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(String(one))}`);
    }
  }
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** Header values carry Latin-1 at best, and names of agents may be anything: percent-encoded beyond ASCII. */
function encodeHeader(value: string): string {
  return /^[\x20-\x7e]*$/.test(value) && !value.includes('%') ? value : encodeURIComponent(value);
}
