import fc from 'fast-check';
import { type Endpoint, endpoints, fillPath } from '../../../packages/contract/src/index.ts';
import { fitting, HOSTILE, nearlyFitting, type Schema, toText } from './values.ts';

export interface FuzzRequest {
  endpoint: Endpoint;
  method: string;
  /** Path and query, percent-encoded. */
  url: string;
  headers: Record<string, string>;
  body: Buffer | undefined;
  /** What the body says, where it is JSON. */
  said: unknown;
}

/** `GET /api/projects/{project}/tasks`: its name in figures and faults. */
export function nameOf({ method, path }: Endpoint): string {
  return `${method} ${path}`;
}

/** Every endpoint of the contract; nothing is left out, so that a new one can't be forgotten. */
export const ENDPOINTS: readonly Endpoint[] = Object.values(endpoints).flatMap((group) =>
  Object.values(group as Record<string, Endpoint>),
);

/** The heads of the longest answers are enough now and then. */
const SELDOM = new Set(['jsonl-out', 'events', 'jsonl-in']);

/** Requests to all endpoints, made from their schemas: fitting, nearly fitting, and hostile. */
export function requests(
  projects: readonly string[],
  boards: readonly string[],
): fc.Arbitrary<FuzzRequest> {
  return fc.oneof(
    ...ENDPOINTS.map((endpoint) => ({
      weight: endpoint.stream !== undefined && SELDOM.has(endpoint.stream) ? 1 : 8,
      arbitrary: requestTo(endpoint, endpoint.stream === 'jsonl-in' ? boards : projects),
    })),
  );
}

function requestTo(endpoint: Endpoint, projects: readonly string[]): fc.Arbitrary<FuzzRequest> {
  return fc
    .record({
      project: mostly(fc.constantFrom(...projects), HOSTILE.map(toText), 60),
      id: mostly(idOf(endpoint), HOSTILE.map(toText), 12),
      query: queryOf(endpoint),
      body: bodyOf(endpoint),
      headers: headersOf(endpoint),
      method: mostly(
        fc.constant(endpoint.method as string),
        fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
        60,
      ),
    })
    .map(({ project, id, query, body: { bytes, said }, headers, method }) => ({
      endpoint,
      method,
      url: fillPath(endpoint.path, { project: sendable(project), id: sendable(id) }) + query,
      headers: {
        ...(endpoint.method === 'GET' ? {} : { 'content-type': typeOf(endpoint) }),
        ...headers,
      },
      body: method === 'GET' || method === 'HEAD' ? undefined : bytes,
      said,
    }));
}

function typeOf({ stream }: Endpoint): string {
  return stream === 'jsonl-in' ? 'application/x-ndjson' : 'application/json';
}

function idOf({ path }: Endpoint): fc.Arbitrary<string> {
  if (path.includes('/events/')) return fc.nat(400).map(String);
  const [letter, most] = path.includes('/docs/') ? ['D', 20] : ['T', 60];
  return fc
    .integer({ min: 1, max: Number(most) })
    .map((number) => `${letter}-${String(number).padStart(3, '0')}`);
}

/** One of the two; the second in one of so many cases. */
function mostly<T>(usual: fc.Arbitrary<T>, other: fc.Arbitrary<T>, oneOf: number): fc.Arbitrary<T> {
  return fc.oneof({ weight: oneOf - 1, arbitrary: usual }, { weight: 1, arbitrary: other });
}

function queryOf({ query }: Endpoint): fc.Arbitrary<string> {
  if (query === undefined)
    return mostly(fc.constant(''), fc.constantFrom('?', '?a=1', '?%ff', '?__proto__=1'), 20);
  const schema = query as Schema;
  const fits = fitting(schema).map((value) => encoded(value as Record<string, unknown>, ''));
  const nearly = nearlyFitting(schema).map((value) =>
    encoded(value as Record<string, unknown>, ''),
  );
  const names = Object.keys(schema.properties ?? {});
  const raw = fc
    .tuple(
      fc.constantFrom(...names, '__proto__', 'x[]', 'x[y]'),
      fc.constantFrom(
        '%',
        '%zz',
        '%ff',
        '%00',
        '%ud800',
        '%ed%a0%80',
        '&'.repeat(50),
        '=',
        '1e9',
        ',',
        ',,,',
        '%2C',
        'true&',
        '+',
      ),
    )
    .chain(([name, value]) =>
      fc.constantFrom(
        `?${name}=${value}`,
        `?${name}=${value}&${name}=${value}`,
        `?${name}[a]=${value}`,
        `?${name}`,
      ),
    );
  const hostile = fc
    .tuple(fc.constantFrom(...names), HOSTILE)
    .map(([name, value]) => encoded({ [name]: value }, ''));
  return fc.oneof(
    { weight: 10, arbitrary: fits },
    { weight: 5, arbitrary: nearly },
    { weight: 2, arbitrary: hostile },
    { weight: 1, arbitrary: raw },
  );
}

function encoded(values: Record<string, unknown>, otherwise: string): string {
  const pairs = Object.entries(values ?? {}).flatMap(([name, value]) =>
    [value]
      .flat()
      .slice(0, 50)
      .map((one) => {
        const text = toText(one);
        return `${encodeURIComponent(sendable(name))}=${encodeURIComponent(sendable(text).slice(0, 3_000))}`;
      }),
  );
  return pairs.length === 0 ? otherwise : `?${pairs.join('&')}`;
}

/** Half of a surrogate pair can't be percent-encoded; in bodies it is sent as it is. */
function sendable(text: string): string {
  return text.toWellFormed();
}

interface Body {
  bytes: Buffer | undefined;
  said: unknown;
}

function bodyOf(endpoint: Endpoint): fc.Arbitrary<Body> {
  if (endpoint.method === 'GET') return fc.constant({ bytes: undefined, said: undefined });
  if (endpoint.stream === 'jsonl-in') return importBodies;
  const schema: Schema = endpoint.body ?? { type: 'object' };
  const json = (value: unknown): Body => {
    const text = JSON.stringify(value);
    return { bytes: Buffer.from(text), said: JSON.parse(text) };
  };
  return fc.oneof(
    { weight: 40, arbitrary: fitting(schema).map(json) },
    { weight: 40, arbitrary: nearlyFitting(schema).map(json) },
    { weight: 4, arbitrary: HOSTILE.map(json) },
    {
      weight: 8,
      arbitrary: fc
        .tuple(fitting(schema).map(json), fc.nat())
        .map(([{ bytes }, n]) => spoiled(bytes, n)),
    },
    {
      weight: 2,
      arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => said(Buffer.from(bytes))),
    },
  );
}

/** Fitting JSON, made something else in one of many ways. */
function spoiled(bytes: Buffer = Buffer.alloc(0), n: number): Body {
  const text = bytes.toString('utf8');
  const ways: readonly (() => Buffer)[] = [
    () => bytes.subarray(0, n % Math.max(bytes.length, 1)),
    () => Buffer.concat([bytes, Buffer.from('}')]),
    () => Buffer.from(`\ufeff${text}`),
    () => Buffer.from(text, 'utf16le'),
    () => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]),
    () => Buffer.from(text.replace('{', '{"title":1,"title":"twice","title":null,')),
    () => Buffer.from(text.replace('{', '{"__proto__":{"title":"x"},')),
    () => Buffer.from(text.replace('{', '{"claim":1e999999,')),
    () => Buffer.from(text.replace('{', `{"claim":${'9'.repeat(400)},`)),
    () => Buffer.from('['.repeat(100_000)),
    () => Buffer.from(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`),
    () => Buffer.from('NaN'),
    () => Buffer.from(`// comment\n${text}`),
    () => Buffer.from(text.replaceAll('"', "'")),
    () =>
      Buffer.concat([
        bytes.subarray(0, 3),
        Buffer.from([0xc3, 0x28, 0xed, 0xa0, 0x80]),
        bytes.subarray(3),
      ]),
    () => Buffer.from('{"title":"\\ud800"}'),
    () => Buffer.from('{"title":"a\\u0000b"}'),
    () => Buffer.alloc(70_000, '\n'),
    () => Buffer.from(`{"title":"${'x'.repeat(n % 300_000)}"}`),
  ];
  return said(ways[n % ways.length]?.() ?? bytes);
}

function said(bytes: Buffer): Body {
  try {
    return {
      bytes,
      said: JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)),
    };
  } catch {
    return { bytes, said: undefined }; // it says nothing, which the server has to notice
  }
}

const LINES = [
  '{"kind":"board","format":1,"name":"x","description":null,"settings":{},"created_at":"2026-01-01T00:00:00.000Z","last_doc":0}',
  '{"kind":"agent","name":"ada","last_seen":"2026-01-01T00:00:00.000Z"}',
  '{"kind":"note","id":1,"task_id":"T-001","agent":null,"body":"x","created_at":"2026-01-01T00:00:00.000Z"}',
  '{"kind":"end","agents":0,"tasks":0,"notes":0,"docs":0,"events":0}',
  '{"kind":"__proto__"}',
  '[]',
  'null',
  '',
  '{',
  '\ud800',
  '{"kind":"end"}',
];
const importBodies: fc.Arbitrary<Body> = fc
  .array(fc.constantFrom(...LINES), { maxLength: 6 })
  .map((lines) => ({ bytes: Buffer.from(lines.join('\n')), said: undefined }));

const AGENTS = fc.constantFrom('ada', 'bob', 'cy', 'ada%20l', '%E5%AD%97');
const STRANGE_HEADERS = fc.constantFrom<Record<string, string>>(
  { 'codepakt-agent': 'human' },
  { 'codepakt-agent': '%' },
  { 'codepakt-agent': '%00' },
  { 'codepakt-agent': '\u00ff\u00fe' },
  { 'codepakt-agent': 'x'.repeat(500) },
  { 'if-match': '*' },
  { 'if-match': '"1"' },
  { 'if-match': 'W/"1"' },
  { 'if-match': '"99999999999999999999"' },
  { 'last-event-id': '5' },
  { 'last-event-id': '-1' },
  { 'last-event-id': '9'.repeat(30) },
  { 'content-type': 'text/plain' },
  { 'content-type': 'application/json; charset=utf-16' },
  { 'content-type': 'application/json;' },
  { 'content-type': 'multipart/form-data; boundary=x' },
  { 'content-encoding': 'gzip' },
  { accept: 'text/html' },
  { range: 'bytes=0-1' },
  { cookie: 'codepakt_session=x; '.repeat(20) },
  { authorization: 'Bearer x' },
  { 'x-forwarded-host': 'evil.example', 'x-forwarded-for': '8.8.8.8' },
  { 'x-http-method-override': 'DELETE' },
  { origin: 'http://evil.example' },
  { host: 'evil.example' },
);

function headersOf(endpoint: Endpoint): fc.Arbitrary<Record<string, string>> {
  const agent = fc.option(AGENTS, { nil: undefined, freq: endpoint.needs_agent === true ? 20 : 3 });
  const key = fc.option(
    fc.nat(300).map((n) => `key-${n}`),
    { nil: undefined, freq: 2 },
  );
  const usual = fc.tuple(agent, key).map(
    ([name, id]): Record<string, string> => ({
      ...(name === undefined ? {} : { 'codepakt-agent': name }),
      // A key that was used before, for something else: refused, or answered as then.
      ...(id === undefined || endpoint.method === 'GET' ? {} : { 'idempotency-key': id }),
    }),
  );
  const strange = fc.tuple(usual, STRANGE_HEADERS).map(([some, more]) => ({ ...some, ...more }));
  return mostly(usual, strange, 10);
}
