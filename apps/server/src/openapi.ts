import * as contract from '@codepakt/contract';
import { type Endpoint, endpoints, HEADERS, LIMITS, Problem } from '@codepakt/contract';
import { JSONL } from './plugins/media-types.ts';

type Json = Record<string, unknown>;

/** Schemas that have a name in the contract are described once and referred to. */
const NAMES = new Map<unknown, string>(
  Object.entries(contract)
    .filter(([name, value]) => /^[A-Z][a-z]/.test(name) && isSchema(value))
    .map(([name, value]) => [value, name]),
);

const PROBLEM = {
  description: 'refused or failed',
  content: toContent('application/problem+json', Problem),
};

/** The whole interface as OpenAPI 3.1.1, made from the endpoint table. */
export function describeApi(version: string): Json {
  const paths: Record<string, Json> = {};
  for (const [group, rows] of Object.entries<Record<string, Endpoint>>(endpoints)) {
    for (const [name, endpoint] of Object.entries(rows)) {
      paths[endpoint.path] ??= {};
      Object.assign(paths[endpoint.path] ?? {}, {
        [endpoint.method.toLowerCase()]: describeEndpoint(group, name, endpoint),
      });
    }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'codepakt',
      version,
      description:
        'A board that several agents and people share. Times are UTC, ISO 8601 with milliseconds; durations are seconds.',
    },
    paths,
    components: {
      schemas: Object.fromEntries(
        [...NAMES].map(([schema, name]) => [name, withReferences(schema as Json)]),
      ),
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
    // A server on loopback asks for none.
    security: [{}, { token: [] }],
  };
}

function describeEndpoint(group: string, name: string, endpoint: Endpoint): Json {
  const { summary, response, body, status = 200, stream } = endpoint;
  const answerType = {
    events: 'text/event-stream',
    'jsonl-out': JSONL,
    'jsonl-in': 'application/json',
  }[stream ?? 'jsonl-in'];
  const requestBody =
    stream === 'jsonl-in'
      ? { required: true, content: { [JSONL]: { schema: { type: 'string' } } } }
      : body && { required: isRequired(body), content: toContent('application/json', body) };
  return {
    operationId: `${group}_${name}`,
    tags: [group],
    summary,
    parameters: [...pathParameters(endpoint), ...queryParameters(endpoint), ...headers(endpoint)],
    ...(requestBody === undefined ? {} : { requestBody }),
    responses: {
      [status]: { description: 'done', content: toContent(answerType, response) },
      default: PROBLEM,
    },
  };
}

function pathParameters({ path }: Endpoint): Json[] {
  const schema = { type: 'string', minLength: 1, maxLength: LIMITS.label };
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema,
  }));
}

function queryParameters({ query }: Endpoint): Json[] {
  return Object.entries(query?.properties ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: query?.required?.includes(name) ?? false,
    schema: withReferences(schema),
  }));
}

function headers(endpoint: Endpoint): Json[] {
  const { method, path, needs_agent = false, versioned, stream } = endpoint;
  const text = { type: 'string', minLength: 1 };
  const all: [name: string, applies: boolean, required: boolean, description: string][] = [
    [HEADERS.agent, path.startsWith('/api/projects/'), needs_agent, 'who acts; left out: a person'],
    ['idempotency-key', method === 'POST', false, 'the same key again has no second effect'],
    [
      'if-match',
      versioned === true && method === 'PATCH',
      false,
      'the ETag the change is made from',
    ],
    ['last-event-id', stream === 'events', false, 'the id after which to go on'],
  ];
  return all
    .filter(([, applies]) => applies)
    .map(([name, , required, description]) => ({
      name,
      in: 'header',
      required,
      description,
      schema: text,
    }));
}

function isRequired(body: unknown): boolean {
  return ((body as Json).required as unknown[] | undefined)?.length !== undefined;
}

function toContent(type: string, schema: unknown): Json {
  return { [type]: { schema: toReference(schema) } };
}

function toReference(schema: unknown): unknown {
  const name = NAMES.get(schema);
  return name === undefined ? withReferences(schema) : { $ref: `#/components/schemas/${name}` };
}

/** A copy in which what has a name is referred to. */
function withReferences(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(toReference);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, toReference(value)]),
  );
}

function isSchema(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '~kind' in value;
}
