import type { HTTPMethods } from 'fastify';
import { describe, expect, test } from 'vitest';
import { type TestServer, testServer } from './testing/test-server.ts';

const token = 'correct-horse-battery-staple';
const OPEN = ['/login', '/login.js', '/codepakt.css'].flatMap((url) => [
  `GET ${url}`,
  `HEAD ${url}`,
]);
OPEN.push('POST /login');

async function send(
  { app }: TestServer,
  url: string,
  headers: Record<string, string> = {},
  method: HTTPMethods = 'GET',
  payload = '',
) {
  const all = { host: 'localhost', 'content-type': 'application/json', ...headers };
  const response = await app.inject({ method, url, headers: all, payload });
  return { status: response.statusCode, headers: response.headers, body: response.body };
}

describe('a server with a token', () => {
  test('lets nobody in without it, on any route but those to log in', async () => {
    await using server = await testServer({ token });
    for (const [url, methods] of server.app.servedMethods) {
      for (const method of methods) {
        const isImport = method === 'POST' && url.endsWith('/import');
        const type = isImport ? 'application/x-ndjson' : 'application/json';
        const sent = { 'content-type': type };
        const { status, headers } = await send(server, url, sent, method as HTTPMethods);
        const isOpen = OPEN.includes(`${method} ${url}`);
        expect([method, url, status === 401]).toEqual([method, url, !isOpen]);
        if (!isOpen) expect(headers['www-authenticate']).toBe('Bearer');
      }
    }
    expect((await send(server, '/not-there')).status).toBe(401);
  });

  test('lets in who shows it', async () => {
    await using server = await testServer({ token });
    const { status } = await send(server, '/health', { authorization: `Bearer ${token}` });
    expect(status).toBe(200);
  });

  test.each([
    'Bearer wrong',
    `Bearer ${token}x`,
    `Bearer ${token.slice(1)}`,
    `Basic ${token}`,
    token,
  ])('does not let in with %s', async (authorization) => {
    await using server = await testServer({ token });
    expect((await send(server, '/health', { authorization })).status).toBe(401);
  });

  test('makes guessing slow, by address, and writes it down without the guess', async () => {
    await using server = await testServer({ token });
    const statuses = [];
    for (let n = 0; n < 8; n += 1) {
      const answer = await send(server, '/health', { authorization: `Bearer guess-${n}` });
      statuses.push(answer.status);
      if (answer.status === 429) expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    const right = await send(server, '/health', { authorization: `Bearer ${token}` });
    expect(right.status).toBe(429);
  });
});

describe('a browser', () => {
  test('is led to the page where its user types the token', async () => {
    await using server = await testServer({ token });
    const { status, headers } = await send(server, '/', { accept: 'text/html' });
    expect([status, headers.location]).toEqual([303, '/login']);
    const deep = await send(server, '/p/shop/board?task=T-1', { accept: 'text/html' });
    expect(deep.headers.location).toBe('/login?next=%2Fp%2Fshop%2Fboard%3Ftask%3DT-1');
    const page = await send(server, String(deep.headers.location));
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.body).not.toMatch(/<script>|style=|onclick/);
    const api = await send(server, '/api/projects', { accept: 'text/html' });
    expect(api.status).toBe(401);
  });

  test('gets a cookie that no script and no other site can use', async () => {
    await using server = await testServer({ token });
    const wrong = await send(server, '/login', {}, 'POST', '{"token": "no"}');
    expect(wrong.status).toBe(401);
    const right = await send(server, '/login', {}, 'POST', JSON.stringify({ token }));
    expect(right.status).toBe(204);
    const cookie = String(right.headers['set-cookie']);
    expect(cookie).toMatch(/; HttpOnly; SameSite=Strict/);
    expect(cookie).not.toContain(token);
    const session = cookie.split(';')[0] ?? '';
    const page = await send(server, '/', { cookie: `other=1; ${session}` });
    expect(page.status).toBe(200);
    const old = await send(server, '/', { cookie: `${session}x` });
    expect(old.status).toBe(401);
    expect(old.headers['set-cookie']).toMatch(/^codepakt_session=; .*Max-Age=0/);
  });

  test('can log in only from our own page', async () => {
    await using server = await testServer({ token });
    const payload = JSON.stringify({ token });
    const foreign = { origin: 'https://evil.example' };
    expect((await send(server, '/login', foreign, 'POST', payload)).status).toBe(403);
    const form = { 'content-type': 'text/plain' };
    expect((await send(server, '/login', form, 'POST', payload)).status).toBe(415);
  });
});

test('without a token nobody is asked, and there is no page to log in', async () => {
  await using server = await testServer();
  expect((await send(server, '/health')).status).toBe(200);
  expect((await send(server, '/login')).status).toBe(404);
});
