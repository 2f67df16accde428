import { closed, inputErrors, invalidInput, validatorOf } from '@codepakt/contract';
import type * as Type from 'typebox';

/** Each name with its values as they were sent, still percent-encoded. */
export type RawQuery = Readonly<Record<string, readonly string[]>>;

const NoQuery = closed({});

/** Splits a query string; what a value means is decided by the schema, in `readQuery`. */
export function splitQuery(text: string): RawQuery {
  const query: Record<string, string[]> = Object.create(null);
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const [name = '', ...rest] = pair.split('=');
    const key = decode(name) ?? name;
    query[key] ??= [];
    query[key].push(rest.join('='));
  }
  return query;
}

/**
 * A query as its schema has it: numbers, booleans, and arrays from repeats or comma lists.
 * Between the entries of a list stands a plain comma; `%2C` belongs to the text.
 * @throws CodepaktError `invalid_input`, also for names that the schema does not know.
 */
export function readQuery(schema: Type.TObject = NoQuery, query: RawQuery = {}): unknown {
  const value: Record<string, unknown> = {};
  for (const [name, given] of Object.entries(query)) {
    Object.defineProperty(value, name, {
      value: convert(name, schema.properties[name], given),
      enumerable: true,
    });
  }
  const validator = validatorOf(schema);
  if (validator.Check(value)) return value;
  throw invalidInput(inputErrors(validator, value), 'query');
}

/** The few words of JSON Schema that a query's fields use. */
interface Field {
  type?: string;
  enum?: unknown[];
  items?: Field;
}

function convert(name: string, field: Field | undefined, given: readonly string[]): unknown {
  if (field?.type === 'array') return given.flatMap((raw) => toList(name, field, raw));
  const [raw = ''] = given;
  if (given.length > 1) {
    throw invalidInput([{ path: `/${name}`, message: 'is given more than once' }], 'query');
  }
  const text = decodeValue(name, raw);
  if (field?.type === 'integer' || field?.type === 'number') return toNumber(text);
  if (field?.type === 'boolean') return toBoolean(text);
  return text;
}

function toList(name: string, { items }: Field, raw: string): string[] {
  const entries = raw.split(',').map((entry) => decodeValue(name, entry));
  // A word of a fixed list never holds a comma, so here an encoded one separates as well.
  return items?.enum === undefined ? entries : entries.flatMap((entry) => entry.split(','));
}

function toNumber(text: string): unknown {
  return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(text) ? Number(text) : text;
}

function toBoolean(text: string): unknown {
  if (text === 'true' || text === '1' || text === '') return true;
  if (text === 'false' || text === '0') return false;
  return text;
}

function decodeValue(name: string, raw: string): string {
  const text = decode(raw);
  if (text !== undefined) return text;
  throw invalidInput([{ path: `/${name}`, message: 'is not valid percent-encoding' }], 'query');
}

/** Undefined when it is not valid percent-encoding. */
function decode(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw.replaceAll('+', ' '));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
