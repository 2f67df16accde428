import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { runningServer } from './testing/running-server.ts';

/** Sends raw bytes and resolves with all that came back before the server closed the connection. */
function talk(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.on('data', (piece) => {
      answer += String(piece);
    });
    socket.on('error', () => undefined);
    socket.once('close', () => resolve(answer));
  });
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

  test.each([
    ['headers', HEAD],
    ['a body', 'POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n{'],
  ])('%s that do not come', async (_, text) => {
    const timeouts = { headers_ms: 200, request_ms: 400 };
    await using server = await runningServer({ timeouts });
    const answer = await talk(server.port, text);
    expect(answer).toMatch(/HTTP\/1\.1 (?:408|415) /);
  });

  test('many who open a connection and say nothing leave the others served', async () => {
    await using server = await runningServer();
    const idle = Array.from({ length: 300 }, () => connect(server.port, '127.0.0.1'));
    for (const socket of idle) socket.on('error', () => undefined);
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    for (const socket of idle) socket.destroy();
  });
});
