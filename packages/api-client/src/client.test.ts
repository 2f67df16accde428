import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PickupResult } from '@codepakt/contract';
import { CodepaktError, HEADERS, routes } from '@codepakt/contract/light';
import { afterEach, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import { createClient } from './client.ts';
import { createFetchTransport } from './fetch-transport.ts';
import { createNodeTransport } from './net-transport.ts';
import { lostReason } from './to-error.ts';

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}
interface Reply {
  status: number;
  body: string;
  headers: Record<string, string>;
}

let server: Server;
let base: string;
let seen: Seen[];
let reply: Reply;
const params = { project: 'p 1' };

beforeEach(async () => {
  seen = [];
  reply = { status: 200, body: '{}', headers: { [HEADERS.version]: '1.0.0' } };
  server = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request.setEncoding('utf8')) body += piece;
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    response.writeHead(reply.status, reply.headers).end(reply.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

describe.each([
  ['node:net', () => createNodeTransport(base)],
  ['fetch', () => createFetchTransport(base)],
])('over %s', (_, transport) => {
  const client = () => createClient(transport());

  test('a call is the request that the endpoint table says', async () => {
    reply.body = '{"task":null,"context":[],"holding":[]}';
    const result = await client().tasks.pickUp(
      { params, query: { wait: 5 }, body: { tags: ['a', 'b'] } },
      { agent: 'ada', key: 'k-1' },
    );
    expectTypeOf(result).toEqualTypeOf<PickupResult>();
    expect(result).toEqual({ task: null, context: [], holding: [] });
    expect(seen).toMatchObject([
      {
        method: 'POST',
        url: '/api/projects/p%201/tasks/pickup?wait=5',
        headers: {
          'content-type': 'application/json',
          'codepakt-agent': 'ada',
          'idempotency-key': 'k-1',
        },
        body: '{"tags":["a","b"]}',
      },
    ]);
  });

  test('a list in a query is repeated, what is left out is not sent, and any text is escaped', async () => {
    reply.body = '{"items":[],"next_cursor":null}';
    await client().tasks.list({
      params,
      query: { status: ['open', 'review'], search: 'a&b=ü😀', ready: true, epic: undefined },
    });
    expect(seen[0]?.url).toBe(
      '/api/projects/p%201/tasks?status=open&status=review&search=a%26b%3D%C3%BC%F0%9F%98%80&ready=true',
    );
    expect(seen[0]?.headers['content-type']).toBeUndefined();
  });

  test('a change names the version it was made from', async () => {
    await client().tasks.update(
      { params: { ...params, id: 'T-001' }, body: { title: 'x' } },
      { if_match: 3 },
    );
    expect(seen[0]).toMatchObject({ method: 'PATCH', headers: { 'if-match': '"3"' } });
  });

  test('the error thrown is the error that the server sent', async () => {
    reply.status = 409;
    reply.body = JSON.stringify({
      type: 'about:blank',
      title: 'Conflict',
      status: 409,
      code: 'lost_claim',
      detail: 'T-001 is held by bob.',
      hint: 'Pick up another task.',
      details: { holder: 'bob' },
      errors: [{ path: '/claim', message: 'is old' }],
    });
    const call = client().tasks.done({ params: { ...params, id: 'T-001' }, body: {} });
    const error = await call.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(CodepaktError);
    expect(error).toMatchObject({
      code: 'lost_claim',
      message: 'T-001 is held by bob.',
      hint: 'Pick up another task.',
      details: { holder: 'bob' },
      errors: [{ path: '/claim', message: 'is old' }],
    });
  });

  test('an error that only a newer server knows keeps its sentence', async () => {
    reply.status = 409;
    reply.body = '{"code":"moon_full","detail":"Not tonight."}';
    await expect(client().health.read()).rejects.toMatchObject({
      code: 'internal',
      message: 'Not tonight.',
      details: { code: 'moon_full', status: 409 },
    });
  });

  test.each([
    ['an error page', { status: 404, body: '<h1>Not found</h1>', headers: {} }],
    ['JSON of its own', { status: 200, body: '{"hello":"world"}', headers: {} }],
    ['an error of its own', { status: 500, body: 'null', headers: {} }],
  ])('another program that answers with %s is found out', async (_, answer) => {
    reply = answer;
    const error = await client()
      .health.read()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'server_unreachable' });
    expect(lostReason(error)).toBe('not_codepakt');
  });

  test('events come one by one', async () => {
    reply.headers['content-type'] = 'text/event-stream';
    reply.body = ': hi\n\nid: 1\ndata: {"id":1}\n\nid: 2\ndata: {"id":2}\n\n';
    const ids: number[] = [];
    for await (const event of await client().events.stream({ params, query: { after: 0 } })) {
      ids.push(event.id);
    }
    expect(ids).toEqual([1, 2]);
    expect(seen[0]?.headers.accept).toBe('text/event-stream');
  });

  test('a stream that is refused throws before the first event', async () => {
    reply.status = 404;
    reply.body = '{"code":"project_not_found","detail":"No such project."}';
    await expect(client().events.stream({ params })).rejects.toMatchObject({
      code: 'project_not_found',
    });
  });

  test('a board goes out and in as lines', async () => {
    reply.body = '{"a":1}\n{"b":2}\n';
    let text = '';
    for await (const piece of await client().board.export({ params })) text += piece;
    expect(text).toBe(reply.body);

    reply.body = '{"tasks":1}';
    async function* lines() {
      yield '{"a":1}\n';
      yield '{"b":2}\n';
    }
    expect(await client().board.import({ params, lines: lines() })).toEqual({ tasks: 1 });
    expect(seen[1]).toMatchObject({
      headers: { 'content-type': 'application/x-ndjson' },
      body: '{"a":1}\n{"b":2}\n',
    });
  });

  test('nobody there: server_unreachable', async () => {
    const gone = createClient(transport());
    await new Promise((resolve) => server.close(resolve));
    await expect(gone.health.read()).rejects.toMatchObject({ code: 'server_unreachable' });
    server = createServer().listen(0);
  });
});

test('an agent may have any name', async () => {
  const client = createClient(createNodeTransport(base), { agent: 'Zoë 100%' });
  await client.agents.list({ params });
  expect(decodeURIComponent(String(seen[0]?.headers['codepakt-agent']))).toBe('Zoë 100%');
});

test('every endpoint of the table is there', () => {
  const client: Record<string, object> = { ...createClient(createNodeTransport(base)) };
  for (const [group, names] of Object.entries(routes)) {
    expect(Object.keys(client[group] ?? {})).toEqual(Object.keys(names));
  }
});

test('a wrong call does not compile', () => {
  const client = createClient(createNodeTransport(base));
  const calls = () => [
    // @ts-expect-error the project is missing
    client.tasks.list({ query: {} }),
    // @ts-expect-error no such status
    client.tasks.list({ params, query: { status: ['finished'] } }),
    // @ts-expect-error the id is missing
    client.tasks.done({ params, body: {} }),
    // @ts-expect-error a title is needed
    client.tasks.create({ params, body: { priority: 'P0' } }),
    // @ts-expect-error no such field
    client.tasks.create({ params, body: { title: 'x', colour: 'red' } }),
    client.health.read(),
  ];
  expect(calls).toBeTypeOf('function');
});
