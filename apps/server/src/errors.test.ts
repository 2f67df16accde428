import { ERROR_CODES, endpoints } from '@codepakt/contract';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { STATUS_OF } from './error-handler.ts';
import { type TestServer, testServer } from './testing/test-server.ts';

const JSON_TYPE = { host: 'localhost', 'content-type': 'application/json' };

let server: TestServer;
let tasks = '';
beforeAll(async () => {
  server = await testServer();
  tasks = `/api/projects/${server.project}/tasks`;
});
afterAll(() => server[Symbol.asyncDispose]());

async function post(url: string, payload: string | Buffer, headers: Record<string, string> = {}) {
  const all = { ...JSON_TYPE, ...headers };
  const response = await server.app.inject({ method: 'POST', url, headers: all, payload });
  return { status: response.statusCode, headers: response.headers, body: response.json() };
}

test('every error code has a status that says refused or failed', () => {
  for (const code of ERROR_CODES) expect(STATUS_OF[code]).toBeGreaterThanOrEqual(400);
});

test('an error is a problem document that says what to do', async () => {
  const { status, headers, body } = await server.refused(endpoints.tasks.read, {
    params: { id: 'T-404' },
  });
  expect(status).toBe(404);
  expect(headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({
    type: 'urn:codepakt:error:task_not_found',
    title: 'task not found',
    status: 404,
    code: 'task_not_found',
    detail: expect.stringContaining('T-404'),
  });
});

describe('a path', () => {
  test('that is not there is 404, also with a method that others have', async () => {
    for (const method of ['GET', 'POST', 'DELETE'] as const) {
      const response = await server.app.inject({
        method,
        url: '/api/nothing',
        headers: JSON_TYPE,
      });
      expect(response.statusCode).toBe(404);
      expect(response.json()).toMatchObject({ code: 'route_not_found' });
    }
  });

  test.each([
    ['DELETE', '/api/projects', 'GET, HEAD'],
    ['PUT', '/api/projects/x/tasks/pickup', 'GET, HEAD, PATCH, POST'],
    ['PUT', '/api/projects/x/tasks/T-001', 'GET, HEAD, PATCH'],
    ['OPTIONS', '/api/projects/x/tasks', 'GET, HEAD, POST'],
    ['HEAD', '/api/projects/x/export', 'GET'],
    ['POST', '/', 'GET, HEAD'],
  ] as const)('refuses %s %s and says what it takes', async (method, url, allow) => {
    const response = await server.app.inject({ method, url, headers: JSON_TYPE });
    expect(response.statusCode).toBe(405);
    expect(response.headers.allow).toBe(allow);
  });

  test.each(['/%zz', '/api/projects/%ff/tasks', '/api/projects/%'])(
    'with broken percent-encoding is 404: %s',
    async (url) => {
      const response = await server.app.inject({ method: 'GET', url, headers: JSON_TYPE });
      expect(response.statusCode).toBe(404);
      expect(response.json()).toMatchObject({ code: 'route_not_found' });
      expect(response.headers['codepakt-version']).toBeDefined();
    },
  );

  test('with broken percent-encoding is guarded like any other', async () => {
    const headers = { ...JSON_TYPE, host: 'evil.example' };
    const response = await server.app.inject({ method: 'GET', url: '/%zz', headers });
    expect(response.statusCode).toBe(421);
  });

  test.each([
    ['T'.repeat(101), 'is 101 characters long; the limit is 100'],
    ['%00', 'has a NUL'],
    ['%20', 'is empty'],
  ])('with the parameter %s is refused', async (id, message) => {
    const response = await server.app.inject({ url: `${tasks}/${id}`, headers: JSON_TYPE });
    expect(response.statusCode).toBe(422);
    expect(response.json().errors).toEqual([
      { path: '/id', message: expect.stringContaining(message) },
    ]);
  });

  test('with a very long parameter is 404', async () => {
    const url = `${tasks}/${'x'.repeat(2_000)}`;
    const response = await server.app.inject({ url, headers: JSON_TYPE });
    expect(response.statusCode).toBe(404);
  });

  test.each(['..', '%2e%2e', '..%2f..', '%2fetc', 'nul', 'x', 'x.json', '.'])(
    'never leads to a project that is not registered: %s',
    async (id) => {
      const url = `/api/projects/${id}/tasks`;
      const response = await server.app.inject({ url, headers: JSON_TYPE });
      expect(response.statusCode).toBe(404);
    },
  );
});

describe('a body', () => {
  test.each([
    ['{"title": "a"', 'JSON'],
    ['', 'is missing'],
    ['{"title": "a"} {}', 'JSON'],
    ['\uFEFF{"title": "a"}', 'JSON'],
    ['nonsense', 'JSON'],
  ])('that is %j is refused', async (payload, words) => {
    const { status, body } = await post(tasks, payload);
    expect([400, 422]).toContain(status);
    expect(body.detail).toContain(words);
  });

  test('that is not UTF-8 is refused, not repaired', async () => {
    const { status, body } = await post(tasks, Buffer.from('{"title": "caf\xe9"}', 'latin1'));
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'malformed_body' });
  });

  test('is not coerced: each wrong field is named', async () => {
    const { status, body } = await post(
      tasks,
      '{"title": 5, "description": "", "hold": "true", "prioritty": "P1", "tags": "a", "__proto__": 1}',
    );
    expect(status).toBe(422);
    expect(body.errors.map(({ path }: { path: string }) => path).sort()).toEqual([
      '/__proto__',
      '/hold',
      '/prioritty',
      '/tags',
      '/title',
    ]);
  });

  test.each(['[]', 'null', '"text"', '5', 'true'])('that is %s is refused', async (payload) => {
    expect((await post(tasks, payload)).status).toBe(422);
  });

  test('half of a surrogate pair in it is refused with its path', async () => {
    const { status, body } = await post(tasks, '{"title": "\\ud800"}');
    expect(status).toBe(422);
    expect(body.errors[0].path).toBe('/title');
  });

  test('nested as deep as it fits is refused without falling over', async () => {
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
    expect((await post(tasks, `{"title": ${deep}}`)).status).toBe(422);
  });

  test('that is too large is refused, and a batch may be larger', async () => {
    const large = JSON.stringify({ title: 'a', description: 'x'.repeat(5_000_000) });
    const { status, body } = await post(tasks, large);
    expect(status).toBe(413);
    expect(body).toMatchObject({ code: 'too_large', detail: expect.stringContaining('4,194,304') });
    const batch = await post(`${tasks}/batch`, large);
    expect(batch.status).toBe(422);
  });

  test('is refused where there is none to be sent', async () => {
    const { status } = await post(`/api/projects/${server.project}/events/1/undo`, '{"a": 1}');
    expect(status).toBe(422);
  });

  test('never becomes an error of the server, whatever it is', async () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      '"',
      ':',
      ',',
      'title',
      '\\u0000',
      '1e999',
      '-',
      'null',
      'é',
    ];
    let seed = 7;
    for (let round = 0; round < 300; round += 1) {
      let payload = '';
      for (let n = 0; n < 12; n += 1) {
        seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
        payload += pieces[seed % pieces.length];
      }
      const { status } = await post(tasks, payload);
      expect([payload, status >= 400 && status < 500]).toEqual([payload, true]);
    }
  });
});

describe('a header', () => {
  test.each([
    ['codepakt-agent', '', 422],
    ['codepakt-agent', '%00', 422],
    ['codepakt-agent', '50%', 422],
    ['codepakt-agent', 'x'.repeat(101), 422],
    ['codepakt-agent', 'human', 422],
    ['codepakt-agent', '\xe9', 422],
    ['idempotency-key', '', 422],
    ['idempotency-key', 'x'.repeat(201), 422],
  ])('%s: %j is refused', async (name, value, expected) => {
    const { status, body } = await post(tasks, '{"title": "a"}', { [name]: value });
    expect([body.code, status]).toEqual(['invalid_input', expected]);
  });

  test('may name an agent in any script, encoded or as UTF-8', async () => {
    for (const value of [encodeURIComponent('Zoë 七'), Buffer.from('Zoë 七').toString('latin1')]) {
      const { status } = await post(tasks, '{"title": "a"}', { 'codepakt-agent': value });
      expect(status).toBe(201);
    }
    const { body } = await server.call(endpoints.events.list, { query: { agent: 'Zoë 七' } });
    expect(body.items).toHaveLength(2);
  });

  test('that names the agent is asked for where an agent must act', async () => {
    const { status, body } = await server.refused(endpoints.tasks.pickUp);
    expect([status, body.code]).toEqual([422, 'agent_required']);
  });
});

test('an unknown failure is told without detail, under an id that is in the log', async () => {
  await using broken = await testServer();
  const live = await broken.app.projects.use(broken.project);
  live.project.close();
  const { status, body } = await broken.refused(endpoints.tasks.list);
  expect(status).toBe(500);
  expect(body).toMatchObject({ code: 'internal', request_id: expect.stringMatching(/-\d+$/) });
  expect(JSON.stringify(body)).not.toMatch(/database|connection|\.ts|at /);
});
