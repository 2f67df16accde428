import { connect, type Socket } from 'node:net';
import { CodepaktError } from '@codepakt/contract/light';
import { lost } from './to-error.ts';
import type { Transport, TransportRequest } from './transport.ts';

export interface NodeTransportOptions {
  /** Sent as a Bearer token. */
  token?: string | undefined;
  /** Milliseconds of silence after which a connection is lost; a request may ask for its own. */
  timeout_ms?: number;
}

const MAX_HEAD_BYTES = 65_536;
const MAX_LINE_BYTES = 8_192;
/** Of an answer that is kept whole; a stream has no end. */
const MAX_ANSWER_BYTES = 268_435_456;

/**
 * HTTP/1.1 over `node:net`, a connection a request: loading `node:http`, or the first `fetch`,
 * would cost a short command more than all the rest of it.
 * @throws TypeError when `base` is no http or https URL.
 */
export function createNodeTransport(base: string, options: NodeTransportOptions = {}): Transport {
  const url = new URL(base);
  if (!/^https?:$/.test(url.protocol)) throw new TypeError(`${base} is not an http address`);
  return {
    async send(request) {
      const { head, pieces } = await exchange(url, options, request);
      const kept: Buffer[] = [];
      let size = 0;
      for await (const piece of pieces) {
        size += piece.length;
        if (size > MAX_ANSWER_BYTES) throw notHttp('an answer without end');
        kept.push(piece);
      }
      return { ...head, body: Buffer.concat(kept).toString('utf8') };
    },
    async open(request) {
      const { head, pieces } = await exchange(url, options, request);
      return { ...head, body: decode(pieces) };
    },
  };
}

interface Exchange {
  head: ResponseHead;
  pieces: AsyncGenerator<Buffer, void, undefined>;
}

/** Sends the request and resolves when the head of the answer is there. */
async function exchange(
  url: URL,
  { token, timeout_ms = 30_000 }: NodeTransportOptions,
  request: TransportRequest,
): Promise<Exchange> {
  const { signal, body } = request;
  const head = formatHead(url, token, request);
  const socket = await open(url);
  socket.setTimeout(request.timeout_ms ?? timeout_ms, () =>
    socket.destroy(lost('timeout', `${url.origin} did not answer in time`)),
  );
  const abort = () =>
    socket.destroy(new CodepaktError('interrupted', 'the request was called off'));
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort, { once: true });

  const reader = new ResponseReader();
  const pieces = read(socket, reader, url, () => signal?.removeEventListener('abort', abort));
  // One write, so that a short request is one packet.
  socket.write(typeof body === 'string' ? head + body : head);
  if (typeof body === 'object') void writeChunks(socket, body);
  // The first value, always an empty piece, says that the head is there.
  await pieces.next();
  if (reader.head === undefined) throw notHttp('an answer without a head');
  return { head: reader.head, pieces };
}

async function open(url: URL): Promise<Socket> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (url.protocol === 'http:') return connect({ host, port: Number(url.port) || 80 });
  const tls = await import('node:tls');
  return tls.connect({ host, port: Number(url.port) || 443, servername: host });
}

function formatHead(url: URL, token: string | undefined, request: TransportRequest): string {
  const { method, path, body } = request;
  const headers: Record<string, string> = {
    host: url.host,
    connection: 'close',
    ...request.headers,
  };
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  if (typeof body === 'string') headers['content-length'] = String(Buffer.byteLength(body));
  else if (body !== undefined) headers['transfer-encoding'] = 'chunked';
  let head = `${method} ${url.pathname.replace(/\/$/, '')}${path} HTTP/1.1\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    if (/[^\t\x20-\x7e]/.test(value)) throw new TypeError(`The header ${name} can't hold that`);
    head += `${name}: ${value}\r\n`;
  }
  return `${head}\r\n`;
}

async function writeChunks(socket: Socket, body: AsyncIterable<string>): Promise<void> {
  try {
    for await (const text of body) {
      if (socket.destroyed) return;
      if (text === '') continue;
      const size = Buffer.byteLength(text).toString(16);
      if (!socket.write(`${size}\r\n${text}\r\n`)) await drained(socket);
    }
    socket.write('0\r\n\r\n');
  } catch (error) {
    // The reading side throws it to the caller.
    socket.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.once('drain', resolve);
    socket.once('close', resolve);
  });
}

/** The body of the answer, behind one empty piece that comes as soon as the head is there. */
async function* read(
  socket: Socket,
  reader: ResponseReader,
  url: URL,
  done: () => void,
): AsyncGenerator<Buffer, void, undefined> {
  let connected = false;
  socket.once('connect', () => {
    connected = true;
  });
  try {
    let announced = false;
    for await (const chunk of socket) {
      const pieces = reader.push(chunk as Buffer);
      if (reader.head === undefined) continue;
      if (!announced) yield Buffer.alloc(0);
      announced = true;
      yield* pieces;
      if (reader.isComplete) return;
    }
    reader.finish();
    if (!announced) yield Buffer.alloc(0);
  } catch (error) {
    if (error instanceof CodepaktError) throw error;
    throw connected
      ? lost('lost', `the connection to ${url.origin} broke off`, error)
      : lost('refused', `nothing answers at ${url.origin}`, error);
  } finally {
    done();
    socket.destroy();
  }
}

async function* decode(pieces: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  for await (const piece of pieces) {
    const text = decoder.decode(piece, { stream: true });
    if (text !== '') yield text;
  }
}

export interface ResponseHead {
  status: number;
  headers: Record<string, string>;
}

/**
 * Takes one answer in, in whatever pieces it comes. Strict: an answer that two readers could
 * understand differently is refused.
 */
export class ResponseReader {
  head: ResponseHead | undefined;
  isComplete = false;
  #rest: Buffer = Buffer.alloc(0);
  #framing: 'length' | 'chunked' | 'close' = 'close';
  /** What is to come of the body, or of the present chunk. */
  #left = 0;
  #expect: 'size' | 'data' | 'break' | 'trailer' = 'size';

  /** The pieces of the body that this chunk holds. */
  push(chunk: Buffer): Buffer[] {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (this.head === undefined) if (!this.#readHead()) return [];
    if (this.isComplete) return [];
    if (this.#framing === 'chunked') return this.#readChunks();
    const piece =
      this.#framing === 'close' ? this.#take(this.#rest.length) : this.#take(this.#left);
    if (this.#framing === 'length' && this.#left === 0) this.isComplete = true;
    return piece.length === 0 ? [] : [piece];
  }

  /** The other side has closed: fine only when nothing more was to come. */
  finish(): void {
    if (this.head !== undefined && this.#framing === 'close') this.isComplete = true;
    if (!this.isComplete)
      throw lost('lost', 'the connection broke off in the middle of the answer');
  }

  /** Whether a head was read, be it one that only announces another. */
  #readHead(): boolean {
    const end = this.#rest.indexOf('\r\n\r\n');
    if (end > MAX_HEAD_BYTES || (end < 0 && this.#rest.length > MAX_HEAD_BYTES)) {
      throw notHttp('a head too long');
    }
    if (end < 0) {
      // Said at once, not after a timeout: another protocol may be waiting for us to speak.
      const start = this.#rest.toString('latin1', 0, 5);
      if (!'HTTP/'.startsWith(start)) throw notHttp('another protocol');
      return false;
    }
    const [first = '', ...lines] = this.#rest.toString('latin1', 0, end).split('\r\n');
    this.#rest = this.#rest.subarray(end + 4);
    const status = Number(/^HTTP\/1\.[01] ([1-5]\d\d)(?: |$)/.exec(first)?.[1]);
    if (Number.isNaN(status)) throw notHttp('another protocol');
    if (status < 200) return true;
    this.head = { status, headers: parseHeaders(lines) };
    this.#chooseFraming(status, this.head.headers);
    return true;
  }

  #chooseFraming(status: number, headers: Record<string, string>): void {
    const length = headers['content-length'];
    const encoding = headers['transfer-encoding'];
    if (status === 204 || status === 304) {
      this.isComplete = true;
    } else if (encoding !== undefined) {
      if (encoding.toLowerCase() !== 'chunked' || length !== undefined) {
        throw notHttp('an unknown framing');
      }
      this.#framing = 'chunked';
    } else if (length !== undefined) {
      if (!/^\d{1,15}$/.test(length)) throw notHttp('a bad length');
      this.#framing = 'length';
      this.#left = Number(length);
      this.isComplete = this.#left === 0;
    }
  }

  #readChunks(): Buffer[] {
    const pieces: Buffer[] = [];
    while (!this.isComplete) {
      if (this.#expect === 'data') {
        const piece = this.#take(this.#left);
        if (piece.length === 0) break;
        pieces.push(piece);
        if (this.#left === 0) this.#expect = 'break';
        continue;
      }
      const line = this.#takeLine();
      if (line === undefined) break;
      if (this.#expect === 'size') this.#startChunk(line);
      else if (this.#expect === 'trailer') this.isComplete = line === '';
      else if (line === '') this.#expect = 'size';
      else throw notHttp('a broken chunk');
    }
    return pieces;
  }

  #startChunk(line: string): void {
    const size = /^([\da-f]{1,12})[ \t]*(?:;.*)?$/i.exec(line)?.[1];
    if (size === undefined) throw notHttp('a broken chunk');
    this.#left = Number.parseInt(size, 16);
    this.#expect = this.#left === 0 ? 'trailer' : 'data';
  }

  /** At most that much of what has come. */
  #take(most: number): Buffer {
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    this.#left -= piece.length;
    return piece;
  }

  #takeLine(): string | undefined {
    const end = this.#rest.indexOf('\r\n');
    if (end > MAX_LINE_BYTES || (end < 0 && this.#rest.length > MAX_LINE_BYTES)) {
      throw notHttp('a line too long');
    }
    if (end < 0) return undefined;
    const line = this.#rest.toString('latin1', 0, end);
    this.#rest = this.#rest.subarray(end + 2);
    return line;
  }
}

function parseHeaders(lines: string[]): Record<string, string> {
  const headers: Record<string, string> = Object.create(null);
  for (const line of lines) {
    const colon = line.indexOf(':');
    const key = line.slice(0, Math.max(colon, 0)).toLowerCase();
    if (!/^[!#$%&'*+.^_`|~\w-]+$/.test(key) || /[\0\r\n]/.test(line)) {
      throw notHttp('a broken header');
    }
    const value = line.slice(colon + 1).trim();
    const before = headers[key];
    headers[key] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}

function notHttp(what: string): CodepaktError {
  return lost('not_codepakt', `what answers there is not codepakt: it sent ${what}`);
}
