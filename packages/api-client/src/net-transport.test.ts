import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { CodepaktError } from '@codepakt/contract/light';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { createNodeTransport } from './net-transport.ts';
import { ResponseReader } from './response-reader.ts';
import { lostReason } from './to-error.ts';
import type { TransportRequest } from './transport.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) (server.closeAllConnections as () => void)();
    await new Promise((resolve) => server.close(resolve));
  }
});

const get: TransportRequest = { method: 'GET', path: '/x', headers: {} };

describe('reading an answer', () => {
  const bodyBytes = fc.uint8Array({ maxLength: 3_000 }).map((bytes) => Buffer.from(bytes));
  const cuts = fc.array(fc.nat(), { maxLength: 20 });
  const framing = fc.constantFrom('length' as const, 'chunked' as const, 'close' as const);

  test('gives the same body however it is framed and cut', () => {
    fc.assert(
      fc.property(bodyBytes, framing, cuts, cuts, (body, how, chunking, packets) => {
        const bytes = encodeAnswer(body, how, chunking);
        const answer = readAll(splitAt(bytes, packets));
        expect(answer.head).toEqual({
          status: 200,
          headers: expect.objectContaining({ 'x-name': 'a: b, c' }),
        });
        expect(answer.body.equals(body)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test('notices an answer that was cut off, wherever that was', () => {
    fc.assert(
      fc.property(
        bodyBytes,
        fc.constantFrom('length' as const, 'chunked' as const),
        fc.nat(),
        (body, how, at) => {
          const bytes = encodeAnswer(body, how, [10]);
          const cut = bytes.subarray(0, at % bytes.length);
          expect(reasonOf(() => readAll([cut]))).toBe('lost');
        },
      ),
      { numRuns: 500 },
    );
  });

  test('takes any garbage for what it is: an answer, or an error of ours, never anything else', () => {
    const garbage = fc.array(
      fc.oneof(
        fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
        fc
          .constantFrom(
            'HTTP/1.1 200 OK\r\n',
            'HTTP/1.1 100 Continue\r\n\r\n',
            'Content-Length: 5\r\n',
            'Content-Length: -5\r\n',
            'Transfer-Encoding: chunked\r\n',
            'transfer-encoding: gzip, chunked\r\n',
            '\r\n',
            '5\r\nhello\r\n',
            'ffffffffffffffff\r\n',
            '0\r\n\r\n',
            ': no name\r\n',
          )
          .map((text) => Buffer.from(text)),
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(garbage, fc.boolean(), (pieces, begun) => {
        const all = begun ? [Buffer.from('HTTP/1.1 200 OK\r\n'), ...pieces] : pieces;
        try {
          expect(readAll(all).head?.status).toBeGreaterThanOrEqual(200);
        } catch (error) {
          expect(['lost', 'not_codepakt']).toContain(lostReason(error));
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test.each([
    ['a head without end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(70_000)}`],
    ['very many headers', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(20_000)}\r\n`],
    [
      'a chunk size without end',
      `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${'0'.repeat(9_000)}`,
    ],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    [
      'length and chunks',
      'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a folded header', 'HTTP/1.1 200 OK\r\na: b\r\n c\r\n\r\n'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.9\r\n'],
    ['HTTP/2', 'HTTP/2 200\r\n\r\n'],
  ])('refuses %s', (_, text) => {
    expect(reasonOf(() => readAll([Buffer.from(text)]))).toBe('not_codepakt');
  });

  test('a header line of blanks costs no time', () => {
    const began = performance.now();
    readAll([Buffer.from(`HTTP/1.1 204 x\r\na:${' '.repeat(60_000)}b\r\n\r\n`)]);
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test('passes over answers that only announce another, and over what follows the body', () => {
    const answer = readAll([
      Buffer.from(
        'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\nokXX',
      ),
    ]);
    expect(answer.head?.status).toBe(201);
    expect(answer.body.toString()).toBe('ok');
  });
});

describe('over a real connection', () => {
  test('sends method, path, headers, token and body, and reads both framings', async () => {
    const seen: unknown[] = [];
    const base = await serve((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      request.on('end', () => {
        seen.push([request.method, request.url, request.headers, body]);
        if (request.url === '/p/chunked') response.write('ä');
        response.end('ö€😀');
      });
    });
    const transport = createNodeTransport(`${base}/p/`, { token: 'secret' });
    const request = { method: 'POST', headers: { a: 'b' }, body: '{"t":"😀"}' } as const;
    const whole = await transport.send({ ...request, path: '/whole' });
    const chunked = await transport.send({ ...request, path: '/chunked' });
    expect([whole.status, whole.body, chunked.body]).toEqual([200, 'ö€😀', 'äö€😀']);
    expect(seen[0]).toEqual([
      'POST',
      '/p/whole',
      {
        host: base.replace('http://', ''),
        connection: 'close',
        authorization: 'Bearer secret',
        a: 'b',
        'content-length': '12',
      },
      '{"t":"😀"}',
    ]);
  });

  test('carries a long body there and back', async () => {
    const base = await serve((request, response) => {
      request.pipe(response);
    });
    const body = '0123456789abcdef'.repeat(500_000);
    const answer = await createNodeTransport(base).send({ ...get, method: 'POST', body });
    expect(answer.body === body).toBe(true);
  });

  test('sends a body that is made on the way, and gives an answer out as it comes', async () => {
    const base = await serve((request, response) => {
      request.pipe(response);
    });
    async function* lines() {
      for (let n = 0; n < 3_000; n++) yield `{"line":${n},"text":"${'ü'.repeat(100)}"}\n`;
    }
    let expected = '';
    for await (const line of lines()) expected += line;
    const answer = await createNodeTransport(base).open({ ...get, method: 'POST', body: lines() });
    let text = '';
    for await (const piece of answer.body) text += piece;
    expect(text === expected).toBe(true);
  });

  test('whoever stops listening closes the connection', async () => {
    let closed: () => void = () => undefined;
    const whenClosed = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const base = await serve((_, response) => {
      response.write('one');
      response.on('close', closed);
    });
    const { body } = await createNodeTransport(base).open(get);
    for await (const text of body) {
      expect(text).toBe('one');
      break;
    }
    await whenClosed;
  });

  test('nobody there: refused', async () => {
    const base = await serve(() => undefined);
    await new Promise((resolve) => servers.pop()?.close(resolve));
    expect(await reasonOfAsync(createNodeTransport(base).send(get))).toBe('refused');
  });

  test('the other side closes before or within the answer: lost', async () => {
    const silent = await listen((socket) => socket.once('data', () => socket.destroy()));
    expect(await reasonOfAsync(createNodeTransport(silent).send(get))).toBe('lost');
    const half = await listen((socket) =>
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'),
    );
    expect(await reasonOfAsync(createNodeTransport(half).send(get))).toBe('lost');
  });

  test('silence: timeout, also in the middle', async () => {
    const silent = await listen(() => undefined);
    const transport = createNodeTransport(silent, { timeout_ms: 50 });
    expect(await reasonOfAsync(transport.send(get))).toBe('timeout');
    const half = await listen((socket) => socket.write('HTTP/1.1 200 OK\r\n\r\nhalf'));
    expect(await reasonOfAsync(createNodeTransport(half).send({ ...get, timeout_ms: 50 }))).toBe(
      'timeout',
    );
  });

  test('another protocol: not codepakt', async () => {
    const ssh = await listen((socket) => socket.write('SSH-2.0-OpenSSH_9.9\r\n'));
    expect(await reasonOfAsync(createNodeTransport(ssh).send(get))).toBe('not_codepakt');
  });

  test('a call can be called off', async () => {
    const silent = await listen(() => undefined);
    const controller = new AbortController();
    const sent = createNodeTransport(silent).send({ ...get, signal: controller.signal });
    setTimeout(() => controller.abort(), 20);
    await expect(sent).rejects.toMatchObject({ code: 'interrupted' });
  });

  test('a header that would smuggle in another is refused before anything is sent', async () => {
    let connections = 0;
    const base = await listen(() => {
      connections++;
    });
    const headers = { 'codepakt-agent': 'a\r\nx: y' };
    await expect(createNodeTransport(base).send({ ...get, headers })).rejects.toThrow(TypeError);
    expect(connections).toBe(0);
  });

  test('any bytes a server may send end in an answer or an error of ours', async () => {
    let bytes: Buffer[] = [];
    const base = await listen((socket) => {
      socket.on('error', () => undefined);
      for (const piece of bytes) socket.write(piece);
      socket.end();
    });
    const transport = createNodeTransport(base, { timeout_ms: 2_000 });
    const piece = fc.oneof(
      fc.uint8Array({ minLength: 1, maxLength: 30 }).map((some) => Buffer.from(some)),
      fc
        .constantFrom('HTTP/1.1 200 OK\r\n', 'a: b\r\n\r\n', '\r\n')
        .map((some) => Buffer.from(some)),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async (pieces) => {
        bytes = pieces;
        const result = await transport.send(get).catch((error: unknown) => error);
        if (result instanceof Error) expect(result).toBeInstanceOf(CodepaktError);
        else expect(result).toHaveProperty('status');
      }),
      { numRuns: 200 },
    );
  });
});

function serve(listener: RequestListener): Promise<string> {
  return started(createHttpServer(listener));
}

function listen(listener: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    listener(socket);
  });
  return started(
    Object.assign(server, {
      closeAllConnections() {
        for (const socket of sockets) socket.destroy();
      },
    }),
  );
}

async function started(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function encodeAnswer(body: Buffer, how: 'length' | 'chunked' | 'close', cuts: number[]): Buffer {
  const head = 'HTTP/1.1 200 OK\r\nX-Name: a: b\r\nx-name:c \r\n';
  if (how === 'close') return Buffer.concat([Buffer.from(`${head}\r\n`), body]);
  if (how === 'length') {
    return Buffer.concat([Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n`), body]);
  }
  const chunks = splitAt(body, cuts)
    .filter((chunk) => chunk.length > 0)
    .flatMap((chunk) => [
      Buffer.from(`${chunk.length.toString(16).toUpperCase()};x=y\r\n`),
      chunk,
      Buffer.from('\r\n'),
    ]);
  return Buffer.concat([
    Buffer.from(`${head}Transfer-Encoding: chunked\r\n\r\n`),
    ...chunks,
    Buffer.from('0\r\nTrailer: t\r\n\r\n'),
  ]);
}

function splitAt(bytes: Buffer, cuts: number[]): Buffer[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, index) => bytes.subarray(from, places[index] ?? bytes.length));
}

function readAll(chunks: Buffer[]) {
  const reader = new ResponseReader();
  const body = chunks.flatMap((chunk) => reader.push(chunk));
  if (!reader.isComplete) reader.finish();
  return { head: reader.head, body: Buffer.concat(body) };
}

function reasonOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return lostReason(error) ?? error;
  }
  return 'no error';
}

function reasonOfAsync(act: Promise<unknown>): Promise<unknown> {
  return act.then(
    () => 'no error',
    (error) => lostReason(error) ?? error,
  );
}
