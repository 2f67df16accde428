import { type Endpoint, endpoints } from '@codepakt/contract';
import { expect, test } from 'vitest';
import { describeApi } from './openapi.ts';
import { testServer, VERSION } from './testing/test-server.ts';

type Json = { [key: string]: Json } & { [key: number]: Json };

const api = JSON.parse(JSON.stringify(describeApi(VERSION))) as Json;
const rows = Object.entries(endpoints).flatMap(([group, named]) =>
  Object.entries<Endpoint>(named).map(([name, endpoint]) => ({ id: `${group}_${name}`, endpoint })),
);

function* nodes(value: unknown): Generator<Json> {
  if (typeof value !== 'object' || value === null) return;
  yield value as Json;
  for (const inner of Object.values(value)) yield* nodes(inner);
}

test('the description is served, and names the version', async () => {
  await using server = await testServer();
  const { body } = await server.app.inject({
    url: '/api/openapi.json',
    headers: { host: 'localhost' },
  });
  expect(JSON.parse(body)).toEqual(api);
  expect(api.openapi).toBe('3.1.1');
  expect(api.info).toMatchObject({ title: 'codepakt', version: VERSION });
});

test.each(rows)('$id is described as the table has it', ({ id, endpoint }) => {
  const operation = api.paths?.[endpoint.path]?.[endpoint.method.toLowerCase()];
  expect(operation).toMatchObject({ operationId: id, summary: endpoint.summary });
  const names = (place: string) =>
    Object.values(operation?.parameters ?? {})
      .filter((parameter) => String(parameter.in) === place)
      .map(({ name }) => String(name));
  const inPath = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  expect(names('path')).toEqual(inPath);
  expect(names('query')).toEqual(Object.keys(endpoint.query?.properties ?? {}));
  expect(operation?.responses).toHaveProperty(String(endpoint.status ?? 200));
  expect(operation?.responses).toHaveProperty('default');
  expect(operation?.requestBody === undefined).toBe(
    endpoint.body === undefined && endpoint.stream !== 'jsonl-in',
  );
});

test('nothing else is described, and no name is used twice', () => {
  const ids = [...nodes(api.paths)].flatMap(({ operationId }) => operationId ?? []);
  expect(ids.map(String).sort()).toEqual(rows.map(({ id }) => id).sort());
});

test('every reference leads to a schema', () => {
  const references = [...nodes(api)].flatMap(({ $ref }) =>
    $ref === undefined ? [] : String($ref),
  );
  expect(references.length).toBeGreaterThan(20);
  for (const reference of new Set(references)) {
    const name = /^#\/components\/schemas\/(\w+)$/.exec(reference)?.[1] ?? '';
    expect(api.components?.schemas).toHaveProperty(name);
  }
});

test('the schemas are JSON Schema of 2020-12 without draft 7 leftovers', () => {
  for (const node of nodes(api.components?.schemas)) {
    expect(node).not.toHaveProperty('additionalItems');
    expect(Array.isArray(node.items)).toBe(false);
    expect(node).not.toHaveProperty('~kind');
  }
});
