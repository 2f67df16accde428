import fc from 'fast-check';

/** The words of JSON Schema that the contract's schemas use. */
export interface Schema {
  type?: string | readonly string[];
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly Schema[];
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  format?: string;
  pattern?: string;
}

type Value = fc.Arbitrary<unknown>;

/** What a board of the fuzz has: now and then a request should meet something that is there. */
const IDS = fc.integer({ min: 1, max: 60 }).map((number) => `T-${String(number).padStart(3, '0')}`);
const DOCS = fc
  .integer({ min: 1, max: 20 })
  .map((number) => `D-${String(number).padStart(3, '0')}`);
const FILES = fc.constantFrom('src/a.ts', 'src/b.ts', 'src', 'src/', 'a.ts:1', 'src/a.ts:2');
const CURSORS = fc
  .tuple(fc.constantFrom('priority', 'id', 'docs', 'completed_at'), fc.nat(2), fc.nat(60))
  .map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url'));

/** Full-text search has a language of its own, of which nothing may get through. */
const SEARCHES = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 60 }),
  fc
    .array(
      fc.constantFrom(
        '"',
        '*',
        '(',
        ')',
        'AND',
        'OR',
        'NOT',
        'NEAR',
        'NEAR(',
        '^',
        ':',
        '-',
        '+',
        ',',
        '{',
        '}',
        'title',
        'task',
        "'",
        '\\',
        '%',
        '_',
        '/*',
        '--',
        ';',
        'é',
        '字',
        '\u202e',
        '😀',
      ),
      { minLength: 1, maxLength: 12 },
    )
    .chain((words) => fc.constantFrom('', ' ').map((between) => words.join(between))),
);

/** Fields whose values mean something on the board. */
const KNOWN: Readonly<Record<string, Value>> = {
  id: IDS,
  task: IDS,
  doc: DOCS,
  after: fc.nat(500),
  cursor: CURSORS,
  file: FILES,
  folder: FILES,
  of: fc.oneof(FILES, fc.constantFrom('Thing', 'Thing.run', 'make')),
  from: FILES,
  to: FILES,
  q: SEARCHES,
  search: SEARCHES,
};
const KNOWN_IN_LISTS: Readonly<Record<string, Value>> = {
  id: IDS,
  depends_on: IDS,
  context_refs: DOCS,
};

/** Values that fit a schema, by its name where that says more than the schema does. */
export function fitting(schema: Schema, name = ''): Value {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => fitting(one, name)));
  const types = [schema.type ?? 'string'].flat();
  if (types.length > 1) {
    return fc.oneof(...types.map((type) => fitting({ ...schema, type }, name)));
  }
  // Longer ones would make the fuzz wait with them.
  if (name === 'wait') return fc.constantFrom(0, 0, 0, 0, 1);
  const known = KNOWN[name];
  const [type] = types;
  if (known !== undefined && type !== 'array') return fc.oneof(known, plain(type, schema, name));
  return plain(type, schema, name);
}

function plain(type: string | undefined, schema: Schema, name: string): Value {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.integer({ min: schema.minimum ?? -1_000, max: schema.maximum ?? 1_000_000 });
    case 'array':
      return fc.array(KNOWN_IN_LISTS[name] ?? fitting(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, 3),
      });
    case 'object':
      return object(schema);
    default:
      return text(schema);
  }
}

function object({ properties = {}, required = [], minProperties = 0 }: Schema): Value {
  const fields = Object.fromEntries(
    Object.entries(properties).map(([name, schema]) => [name, fitting(schema, name)]),
  );
  return fc
    .record(fields, { requiredKeys: required.filter((name) => name in fields) })
    .filter((value) => Object.keys(value as object).length >= minProperties);
}

function text({ format, maxLength = 200, minLength = 0 }: Schema): Value {
  if (format === 'date-time') {
    return fc
      .date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
  }
  const short = fc
    .string({ unit: 'binary', minLength, maxLength: Math.min(maxLength, 40) })
    .map((value) => value.replaceAll('\0', ' '))
    .filter((value) => minLength === 0 || /\S/.test(value));
  const longest = fc.constantFrom('x', 'é', '字', '😀').map((sign) => sign.repeat(maxLength));
  return fc.oneof({ weight: 30, arbitrary: short }, { weight: 1, arbitrary: longest });
}

/** What is easily taken for something else, or is more than anybody expects. */
export const HOSTILE: Value = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    '\udfff\ud800',
    '\u202edesrever',
    '\ufeff',
    '\r\n',
    0,
    -0,
    -1,
    1.5,
    1e308,
    -1e308,
    2 ** 53,
    2 ** 63,
    Number.MIN_VALUE,
    [],
    {},
    [[]],
    [null],
    [{}],
    { length: 1 },
    { toString: 1 },
    'T-0',
    'T-000',
    'T-99999999999999999999',
    'T--1',
    '__proto__',
    'constructor',
    'toString',
    'human',
    "'; DROP TABLE tasks; --",

    '{{7*7}}',
    '../../../etc/passwd',
    '%00',
    '\u001b]0;x\u0007',
    'P9',
    'done ',
    'Done',
    '2026-13-45T99:99:99Z',
    '2026-01-01',
    '-271821-04-20T00:00:00.000Z',
  ),
  fc.constantFrom(101, 201, 4_001, 20_001, 70_000).map((length) => 'x'.repeat(length)),
  fc
    .integer({ min: 2, max: 400 })
    .map((depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth))),
  fc.integer({ min: 2, max: 1_200 }).map((length) => Array.from({ length }, (_, n) => `${n}`)),
  fc
    .constantFrom(
      '{"__proto__":{"polluted":true}}',
      '{"constructor":{"prototype":{"polluted":true}}}',
      '{"__proto__":null,"title":"x"}',
    )
    .map((json) => JSON.parse(json)),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

/** A fitting value with one thing about it changed. */
export function nearlyFitting(schema: Schema): Value {
  return fc
    .tuple(fitting(schema), HOSTILE, fc.nat(), fc.nat(5))
    .map(([value, hostile, at, how]) => {
      if (typeof value !== 'object' || value === null) return hostile;
      const copy = structuredClone(value) as Record<string, unknown>;
      const names = Object.keys(Array.isArray(value) ? value : (schema.properties ?? {}));
      const name = names[at % Math.max(names.length, 1)] ?? 'title';
      if (how === 0) delete copy[name];
      else if (how === 1)
        define(copy, ['__proto__', 'extra', '', 'Title', 'constructor'][at % 5] ?? '', hostile);
      else if (how === 2 && typeof copy[name] === 'object' && copy[name] !== null)
        define(copy[name], '0', hostile);
      else define(copy, name, hostile);
      return copy;
    });
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });
}

/** A value as a word of a path, a query or a command line. */
export function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
