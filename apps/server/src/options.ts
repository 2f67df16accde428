import type { CodepaktError } from '@codepakt/contract';
import type { Clock } from '@codepakt/core';
import type { TokenDoor } from './plugins/token.ts';
import type { Clocks } from './projects/clock-watch.ts';

/** What a server is made of; who may come in is decided by `allow_hosts` and `token`. */
export interface ServerOptions {
  /** The folder with the registry, hosted databases, the log and the daemon's own files. */
  data_dir: string;
  /** The version of codepakt that answers carry. */
  version: string;
  /** Tells this run apart from any other; made up when left out. */
  instance_id?: string | undefined;
  /** Names besides localhost, 127.0.0.1 and [::1] under which it may be called. */
  allow_hosts?: readonly string[] | undefined;
  /** Asked of every caller when given. */
  token?: string | undefined;
  /** The built dashboard; left out, `/` is a plain page. */
  dashboard_dir?: string | undefined;
  /** Reads boards through in the background; left out, nobody does. */
  examine?: ExamineBoard | undefined;
  log?: LogOptions | undefined;
  timeouts?: Partial<Timeouts> | undefined;
  /** What boards take the time from; for tests. */
  clock?: Clock | undefined;
  /** What a sleeping machine is noticed by; for tests. */
  clocks?: Clocks | undefined;
}

/**
 * Reads a board's database through, in another process: answers what is damaged, with what to do, or
 * undefined. The signal ends it.
 */
export type ExamineBoard = (
  file: string,
  signal: AbortSignal,
) => Promise<CodepaktError | undefined>;

export interface LogOptions {
  /** `file`: `server.log` in the data directory, rotated. Default: nowhere. */
  to: 'file' | 'stderr' | 'nowhere';
  level?: 'debug' | 'info' | 'warn' | 'error' | undefined;
}

/** Milliseconds. */
export interface Timeouts {
  /** Until the headers of a request are complete. */
  headers_ms: number;
  /** Until a whole request is there; an import may be long. */
  request_ms: number;
  /** How long a write is tried again while another process holds the database. */
  busy_ms: number;
  /** Between two signs of life on an event stream. */
  heartbeat_ms: number;
  /** How long a reader of an event stream may take nothing before it is dropped. */
  stalled_ms: number;
  /** How long a project stays open without being used. */
  idle_ms: number;
  /** How long a project is open before its database is read through. */
  examine_after_ms: number;
}

export const DEFAULT_TIMEOUTS: Timeouts = {
  headers_ms: 15_000,
  request_ms: 300_000,
  busy_ms: 5_000,
  heartbeat_ms: 15_000,
  stalled_ms: 30_000,
  idle_ms: 600_000,
  examine_after_ms: 2_000,
};

export interface StartOptions extends ServerOptions {
  /** The address to bind, default 127.0.0.1; any other than loopback needs a token. */
  host?: string | undefined;
  /** Default 41920; 0 takes any free one. */
  port?: number | undefined;
  /** Told, in a sentence, that the start waits for its port. */
  onWaiting?: ((why: string) => void) | undefined;
}

/** What the parts of one server share. */
export interface ServerContext {
  readonly options: ServerOptions;
  readonly timeouts: Timeouts;
  readonly instance_id: string;
  /** Milliseconds since 1970. */
  readonly started_at: number;
  /** Left out when no token is asked for. */
  readonly door: TokenDoor | undefined;
  isStopping: boolean;
}
