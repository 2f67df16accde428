import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { runningServer } from './testing/running-server.ts';

/** Sends raw bytes and resolves with all that came back before the server closed the connection. */
function talk(port: number, request: string | Buffer, patience_ms = 30_000): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    // What waits for more than was sent would wait for long.
    socket.setTimeout(patience_ms, () => socket.destroy());
    socket.on('data', (piece) => {
      answer += String(piece);
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(answer));
  });
}

/** The same numbers each time: a failure can be repeated. */
function randomNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

const HEAD = 'GET /health HTTP/1.1\r\nHost: localhost\r\n';

describe('what is not a request is answered as well', () => {
  test.each([
    ['another protocol', '\x16\x03\x01\x00\x05hello\r\n\r\n', 400, 'malformed_body'],
    ['a broken header', `${HEAD}no colon\r\n\r\n`, 400, 'malformed_body'],
    ['headers without end', `${HEAD}X: ${'x'.repeat(70_000)}\r\n\r\n`, 431, 'headers_too_large'],
    ['two lengths', `${HEAD}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`, 400, 'malformed_body'],
    ['no host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', 421, 'wrong_host'],
    ['no host, an old way', 'GET /health HTTP/1.0\r\n\r\n', 421, 'wrong_host'],
    [
      'another host in the path',
      'GET http://evil.example/health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      421,
      'wrong_host',
    ],
  ])('%s', async (_, text, status, code) => {
    await using server = await runningServer();
    const answer = await talk(server.port, text);
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer.toLowerCase()).toContain('content-type: application/problem+json');
    expect(answer).toContain(`"code":"${code}"`);
    expect(answer.toLowerCase()).toContain('codepakt-version: ');
  });

  test('HEAD is answered without a body, whatever is wrong with it', async () => {
    await using server = await runningServer();
    const text = `HEAD /${'x'.repeat(70_000)} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    expect(await talk(server.port, text)).toMatch(/^HTTP\/1\.1 431 [\s\S]*\r\n\r\n$/);
  });

  test.each([
    ['the headers', HEAD],
    [
      'the body',
      `${HEAD.replace('GET /health', 'POST /api/projects/x/tasks')}Content-Type: application/json\r\nContent-Length: 9\r\n\r\n{`,
    ],
  ])('a request of which %s never comes whole', async (_, text) => {
    const timeouts = { headers_ms: 200, request_ms: 400 };
    await using server = await runningServer({ timeouts });
    const answer = await talk(server.port, text);
    expect(answer).toContain('HTTP/1.1 408 ');
    expect(answer).toContain('"code":"request_timeout"');
  });

  test('a request with any byte changed is answered or hung up on, and never breaks the server', async () => {
    await using server = await runningServer();
    const body = JSON.stringify({ title: 'a', tags: ['x'], priority: 'P1' });
    const whole = [
      `POST /api/projects/${server.project}/tasks?a=1 HTTP/1.1`,
      'Host: localhost',
      'Connection: close',
      'Content-Type: application/json; charset=utf-8',
      'Codepakt-Agent: ada',
      'Idempotency-Key: "k"',
      'If-Match: "3"',
      `Content-Length: ${body.length}`,
      `\r\n${body}`,
    ].join('\r\n');
    const random = randomNumbers(11);
    for (let round = 0; round < 300; round += 1) {
      const bytes = Buffer.from(whole, 'latin1');
      for (let change = 0; change <= round % 4; change += 1) {
        bytes[random(bytes.length)] = random(256);
      }
      const answer = await talk(server.port, bytes, 300);
      expect(answer).not.toContain('HTTP/1.1 5');
    }
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  }, 60_000);

  test('many who open a connection and say nothing leave the others served', async () => {
    await using server = await runningServer();
    const idle = Array.from({ length: 300 }, () => connect(server.port, '127.0.0.1'));
    for (const socket of idle) socket.on('error', () => undefined);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    for (const socket of idle) socket.destroy();
  });
});
