import type { Socket } from 'node:net';
import { CodepaktError } from '@codepakt/contract/light';
import { notHttp, type ResponseHead, ResponseReader } from './response-reader.ts';
import { lost } from './to-error.ts';
import type { Transport, TransportRequest } from './transport.ts';

export interface NodeTransportOptions {
  /** Sent as a Bearer token. */
  token?: string | undefined;
  /** Milliseconds of silence after which a connection is lost; a request may ask for its own. */
  timeout_ms?: number;
}

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
  // Loaded when it is needed, since many commands ask no server.
  const net = process.getBuiltinModule('node:net');
  if (url.protocol === 'http:') return net.connect({ host, port: Number(url.port) || 80 });
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
      : notConnected(url, error as NodeJS.ErrnoException);
  } finally {
    done();
    socket.destroy();
  }
}

/** What the system says to a process that it lets connect to nobody. */
const FORBIDDEN = ['EPERM', 'EACCES', 'ENETUNREACH'];

function notConnected({ origin }: URL, error: NodeJS.ErrnoException): CodepaktError {
  const { code = '' } = error;
  if (!FORBIDDEN.includes(code)) return lost('refused', `nothing answers at ${origin}`, error);
  return lost(
    'forbidden',
    `the system does not let this process connect to ${origin} (${code})`,
    error,
  );
}

async function* decode(pieces: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  for await (const piece of pieces) {
    const text = decoder.decode(piece, { stream: true });
    if (text !== '') yield text;
  }
}
