import { connect } from 'node:net';
import type { Random } from '../random.ts';

/** A task with this title exists only if a request got in that was hidden in another one. */
export const SMUGGLED = 'smuggled';

export interface RawShape {
  name: string;
  bytes: Buffer;
}

/** What is not quite HTTP, or can be read in two ways: whole connections, byte by byte. */
export function rawShapes(project: string, port: number, random: Random): RawShape[] {
  const path = `/api/projects/${project}/tasks`;
  const host = `Host: 127.0.0.1:${port}`;
  const inner =
    `POST ${path} HTTP/1.1\r\n${host}\r\nContent-Type: application/json\r\n` +
    `Content-Length: 20\r\n\r\n{"title":"${SMUGGLED}"}`;
  const post = (headers: string, body: string) =>
    `POST ${path} HTTP/1.1\r\n${host}\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${body}`;
  const get = (headers: string) => `GET /health HTTP/1.1\r\n${host}\r\n${headers}\r\n\r\n`;
  const refused = '{"title":5}';
  const chunked = `${refused.length.toString(16)}\r\n${refused}\r\n0\r\n\r\n`;
  const shapes: Record<string, string> = {
    'length and chunks': post(
      'Content-Length: 4\r\nTransfer-Encoding: chunked',
      `0\r\n\r\n${inner}`,
    ),
    'chunks and length': post(
      'Transfer-Encoding: chunked\r\nContent-Length: 300',
      `0\r\n\r\n${inner}`,
    ),
    'two lengths': post(`Content-Length: 0\r\nContent-Length: ${inner.length}`, inner),
    'a list of lengths': post(`Content-Length: 0, ${inner.length}`, inner),
    'a length with a sign': post('Content-Length: +0', inner),
    'a length in hex': post('Content-Length: 0x0', inner),
    'a negative length': post('Content-Length: -1', inner),
    'a length without end': post(`Content-Length: ${'9'.repeat(40)}`, inner),
    'a length with a blank in it': post('Content-Length: 0 0', inner),
    'an encoding nobody knows': post('Transfer-Encoding: xchunked', `0\r\n\r\n${inner}`),
    'chunked twice': post(
      'Transfer-Encoding: chunked\r\nTransfer-Encoding: identity',
      `0\r\n\r\n${inner}`,
    ),
    'chunked, not last': post('Transfer-Encoding: chunked, identity', `0\r\n\r\n${inner}`),
    'chunked after a tab': post('Transfer-Encoding:\tchunked', chunked),
    'chunked behind a blank': post('Transfer-Encoding : chunked', `0\r\n\r\n${inner}`),
    'chunked on a second line': post('Transfer-Encoding:\r\n chunked', `0\r\n\r\n${inner}`),
    'a chunk of a huge size': post('Transfer-Encoding: chunked', `ffffffffffffffffff\r\n${inner}`),
    'a chunk of a negative size': post('Transfer-Encoding: chunked', `-1\r\n${inner}`),
    'a chunk with a long extension': post(
      'Transfer-Encoding: chunked',
      `1;${'x'.repeat(70_000)}\r\n{`,
    ),
    'chunks that never end': post('Transfer-Encoding: chunked', '1\r\n{\r\n'.repeat(50)),
    'a trailer that is a header': post(
      'Transfer-Encoding: chunked',
      `0\r\nHost: evil.example\r\n\r\n`,
    ),
    'bare line feeds': `${get('A: b').replaceAll('\r', '')}`,
    'a line feed in a header': get(`A: b\nTransfer-Encoding: chunked`),
    'a carriage return alone': get('A: b\rTransfer-Encoding: chunked'),
    'a NUL in a header': get('A: b\0c'),
    'a header without a name': get(': b'),
    'a header with a blank in its name': get('A b: c'),
    'a folded header': get('A: b\r\n c'),
    'a host twice': `GET /health HTTP/1.1\r\n${host}\r\nHost: evil.example\r\n\r\n`,
    'a host with a user': get('').replace(host, `Host: 127.0.0.1@evil.example`),
    'a host with a path': get('').replace(host, 'Host: localhost/evil'),
    'an empty host': get('').replace(host, 'Host:'),
    'a whole address': get('').replace('/health', 'http://evil.example/health'),
    'a tunnel': get('').replace('GET /health', 'CONNECT evil.example:80'),
    'an echo': get('').replace('GET', 'TRACE'),
    'a star': get('').replace('GET /health', 'OPTIONS *'),
    'a method nobody knows': get('').replace('GET', 'FROB'),
    'a method in small letters': get('').replace('GET', 'get'),
    'an upgrade to HTTP/2': get(
      'Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQCAAAAAAIAAAAA',
    ),
    'an upgrade to a socket': get(
      'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13',
    ),
    'HTTP/2 itself': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'HTTP/0.9': 'GET /health\r\n\r\n',
    'HTTP/3.7': get('').replace('HTTP/1.1', 'HTTP/3.7'),
    TLS: '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    'an expectation nobody knows': post(`Expect: 200-maybe\r\nContent-Length: 11`, refused),
    'a body of a GET': get(`Content-Length: ${inner.length}`) + inner,
    'many headers': get(Array.from({ length: 5_000 }, (_, n) => `H${n}: x`).join('\r\n')),
    'a header of 100 kB': get(`A: ${'x'.repeat(100_000)}`),
    'a path of 100 kB': get('').replace('/health', `/${'x'.repeat(100_000)}`),
    'a query of 60 kB': get('').replace('/health', `${path}?search=${'x'.repeat(15_000)}`),
    'a path with steps': get('').replace('/health', '/api/projects/../../../../etc/passwd'),
    'a path with coded steps': get('').replace(
      '/health',
      '/api/projects/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    ),
    'a path with two slashes': get('').replace('/health', `//${path}`),
    'a path with a backslash': get('').replace('/health', '/..\\..\\etc\\passwd'),
    'a path with raw bytes': get('').replace('/health', '/\xff\xfe\xc0\xae'),
    'a hundred requests at once': get('').repeat(100),
    'nothing at all': '',
    'line ends alone': '\r\n'.repeat(1_000),
  };
  const garbage = Buffer.from(Array.from({ length: 200 }, () => random.below(256)));
  const cut = Buffer.from(post(`Content-Length: ${refused.length}`, refused), 'latin1');
  return [
    ...Object.entries(shapes).map(([name, text]) => ({ name, bytes: Buffer.from(text, 'latin1') })),
    { name: 'any bytes', bytes: garbage },
    { name: 'a request cut off', bytes: cut.subarray(0, random.below(cut.length)) },
    { name: 'a request with bytes changed', bytes: withChanges(cut, random) },
  ];
}

function withChanges(bytes: Buffer, random: Random): Buffer {
  const copy = Buffer.from(bytes);
  for (let count = 0; count <= random.below(4); count++) {
    copy[random.below(copy.length)] = random.below(256);
  }
  return copy;
}

/** Sends a shape over a connection of its own; answers all that came back. */
export function sendShape({ bytes }: RawShape, port: number, patience_ms: number): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const give_up = setTimeout(() => socket.destroy(), patience_ms);
    socket.setEncoding('latin1').on('data', (piece: string) => {
      answer += piece;
    });
    // A refusal may close the connection before everything was sent.
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearTimeout(give_up);
      resolve(answer);
    });
  });
}

/** What is wrong with what came back; undefined when nothing is. */
export function faultInShape({ name }: RawShape, answer: string): string | undefined {
  const statuses = [...answer.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) =>
    Number(status),
  );
  const failed = statuses.find((status) => status >= 500);
  if (failed !== undefined) return `${name}: status ${failed}: ${answer.slice(0, 300)}`;
  if (answer.includes('root:x:0')) return `${name}: a file of the machine was served`;
  if (/^HTTP\/1\.1 (?:101|100)/m.test(answer)) return `${name}: ${answer.slice(0, 40)}`;
  return undefined;
}
