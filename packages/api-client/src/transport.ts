import type { Route } from '@codepakt/contract';

/** One request as it goes out: `path` carries the query, `body` is JSON text or JSON lines. */
export interface TransportRequest {
  method: Route['method'];
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: string | AsyncIterable<string> | undefined;
  /** Milliseconds of silence after which the connection counts as lost. */
  timeout_ms?: number | undefined;
  signal?: AbortSignal | undefined;
}

/** The names of headers are in lower case. */
export interface TransportAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

export interface TransportStream extends Omit<TransportAnswer, 'body'> {
  body: AsyncIterable<string>;
}

/**
 * How requests reach a server. Whatever keeps an answer from arriving is thrown as
 * CodepaktError `server_unreachable` with `details.reason`, a `LostReason`.
 */
export interface Transport {
  /** Resolves with the whole answer, whatever its status. */
  send(request: TransportRequest): Promise<TransportAnswer>;
  /** Resolves when status and headers are there; the body follows as it comes. */
  open(request: TransportRequest): Promise<TransportStream>;
}

/**
 * `refused`: nothing was sent · `forbidden`: neither, for the system lets this process connect to nobody,
 * as in an agent's sandbox · `lost` and `timeout`: the server may have done what was asked ·
 * `not_codepakt`: another program answers at that address.
 */
export type LostReason = 'refused' | 'forbidden' | 'lost' | 'timeout' | 'not_codepakt';
