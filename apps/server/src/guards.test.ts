import { HEADERS } from '@codepakt/contract';
import type { HTTPMethods } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestServer, testServer, VERSION } from './testing/test-server.ts';

/**
 * What a hostile page, or a page of another server on this machine, makes the browser send. Every
 * path is walked with every method, also with those that it does not take, so that a new route
 * can't be forgotten.
 */
const HOSTILE: readonly [what: string, headers: Record<string, string>, status: number][] = [
  ['a name that was rebound to us', { host: 'evil.example' }, 421],
  ['such a name with our port', { host: 'evil.example:41920' }, 421],
  ['a name that begins like ours', { host: 'localhost.evil.example' }, 421],
  ['a name with a trick in it', { host: 'localhost@evil.example' }, 421],
  ['an address that is not ours', { host: '192.168.1.5' }, 421],
  ['the address of all interfaces', { host: '0.0.0.0:41920' }, 421],
  ['a page elsewhere', { origin: 'https://evil.example' }, 403],
  ['a sandboxed frame', { origin: 'null' }, 403],
  ['another server on this machine', { origin: 'http://localhost:3000' }, 403],
  ['another name of this machine', { origin: 'http://127.0.0.1' }, 403],
  ['a browser that tells another site', { 'sec-fetch-site': 'cross-site' }, 403],
  ['a browser that tells another port', { 'sec-fetch-site': 'same-site' }, 403],
  [
    'a frame in a page elsewhere',
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    403,
  ],
];

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

let server: TestServer;
let routes: { method: HTTPMethods; url: string }[] = [];

beforeAll(async () => {
  server = await testServer();
  routes = [...server.app.servedMethods.keys()].flatMap((url) =>
    METHODS.map((method) => ({
      method,
      url: url.replace(':project', server.project).replace(/:\w+/, 'T-001'),
    })),
  );
  routes.push({ method: 'GET', url: '/not-there' }, { method: 'POST', url: '/api/not-there' });
});
afterAll(() => server[Symbol.asyncDispose]());

async function send(
  { method, url }: (typeof routes)[number],
  headers: Record<string, string>,
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  const { statusCode, ...response } = await server.app.inject({
    method,
    url,
    headers: { host: 'localhost', 'content-type': 'application/json', ...headers },
  });
  return { status: statusCode, headers: response.headers, body: response.body };
}

describe('on every route', () => {
  test('there are many', () => {
    expect(routes.length).toBeGreaterThan(150);
  });

  test.each(HOSTILE)('%s is refused', async (_, headers, status) => {
    for (const route of routes) {
      const answer = await send(route, headers);
      expect([route, answer.status]).toEqual([route, status]);
      expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
      if (route.method !== 'HEAD') {
        expect(JSON.parse(answer.body)).toMatchObject({
          code: status === 421 ? 'wrong_host' : 'forbidden_origin',
        });
      }
    }
  });

  test.each([
    ['no content type', ''],
    ['a form', 'application/x-www-form-urlencoded'],
    ['another form', 'multipart/form-data; boundary=x'],
    ['plain text', 'text/plain'],
    ['text that looks like JSON', 'text/plain; application/json'],
    ['another kind of JSON', 'application/json-patch+json'],
  ])('a change that comes as %s is refused', async (_, type) => {
    for (const route of routes) {
      if (['GET', 'HEAD', 'OPTIONS'].includes(route.method)) continue;
      const { status } = await send(route, { 'content-type': type });
      expect([route, status]).toEqual([route, 415]);
    }
  });

  test('an answer says who gave it, and what a browser may not do with it', async () => {
    for (const route of routes.filter(({ url }) => !url.endsWith('/stream'))) {
      const { headers } = await send(route, {});
      expect(headers).toMatchObject({
        [HEADERS.version]: VERSION,
        [HEADERS.api]: '1',
        [HEADERS.instance]: expect.stringMatching(/^[\da-f-]{36}$/),
        'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      expect(headers['content-security-policy']).not.toContain('unsafe');
      const cors = Object.keys(headers).filter((name) => name.startsWith('access-control'));
      expect(cors).toEqual([]);
    }
  });
});

describe('let in are', () => {
  test.each([['localhost'], ['LOCALHOST:41920'], ['127.0.0.1'], ['127.0.0.1:9'], ['[::1]:41920']])(
    'requests to %s',
    async (host) => {
      const answer = await send(
        { method: 'GET', url: '/health' },
        { host, origin: `http://${host}` },
      );
      expect(answer.status).toBe(200);
    },
  );

  test('our own pages, and what no page sent', async () => {
    for (const site of ['same-origin', 'none']) {
      const { status } = await send({ method: 'GET', url: '/health' }, { 'sec-fetch-site': site });
      expect(status).toBe(200);
    }
  });

  test('a link to the dashboard, but no link into the interface', async () => {
    const link = {
      'sec-fetch-site': 'cross-site',
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
    };
    expect((await send({ method: 'GET', url: '/' }, link)).status).toBe(200);
    for (const url of ['/api/projects', '//api/projects', '/%61pi/projects', '/API/projects']) {
      expect((await send({ method: 'GET', url }, link)).status).not.toBe(200);
    }
    expect((await send({ method: 'POST', url: '/' }, link)).status).toBe(403);
  });

  test('names that were allowed', async () => {
    await using open = await testServer({ allow_hosts: ['Board.example:8080'] });
    const host = 'board.example:41920';
    const url = '/health';
    const ours = await open.app.inject({ url, headers: { host, origin: `http://${host}` } });
    expect(ours.statusCode).toBe(200);
    const other = await open.app.inject({ url, headers: { host, origin: 'http://localhost' } });
    expect(other.statusCode).toBe(403);
  });
});
