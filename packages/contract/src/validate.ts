import * as Type from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { CodepaktError, type InputError } from './errors.ts';
import { nearest } from './nearest.ts';
import { TIMESTAMP_PATTERN } from './text.ts';

/** The most that is told about one bad input: enough to mend it, short enough to read. */
const MAX_ERRORS = 20;

const compiled = new WeakMap<object, Validator>();

/** The compiled form of a schema, made once. */
export function validatorOf(schema: Type.TSchema): Validator {
  const known = compiled.get(schema);
  if (known !== undefined) return known;
  const validator = Compile(schema) as Validator;
  compiled.set(schema, validator);
  return validator;
}

/**
 * The value itself, known to fit the schema.
 * @throws CodepaktError `invalid_input` naming each wrong field and its limit.
 */
export function check<S extends Type.TSchema>(
  schema: S,
  value: unknown,
  what = 'input',
): Type.Static<S> {
  const validator = validatorOf(schema);
  if (validator.Check(value)) return value as Type.Static<S>;
  throw invalidInput(inputErrors(validator, value), what);
}

/** The error for a list of wrong fields; its sentence names the first, or `what` when all of it is wrong. */
export function invalidInput(errors: InputError[], what = 'input'): CodepaktError {
  const first = errors[0] ?? { path: '', message: 'does not fit' };
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const where = first.path === '' ? what : first.path.slice(1);
  return new CodepaktError('invalid_input', `${where} ${first.message}${more}`, { errors });
}

/** What is wrong with a value, one sentence a field. */
export function inputErrors(validator: Validator, value: unknown): InputError[] {
  const found = new Map<string, string>();
  for (const { path, message } of errorsIn(validator.Type(), value)) {
    if (!found.has(path)) found.set(path, message);
    if (found.size === MAX_ERRORS) break;
  }
  return toList(found);
}

/**
 * TypeBox looks at every entry of a list, however many it has, and keeps something of each. So
 * here lists are walked by ourselves, only as far as anybody asks.
 */
function* errorsIn(schema: Type.TSchema, value: unknown): Generator<InputError> {
  if (Type.IsArray(schema) && Array.isArray(value)) {
    yield* errorsInList(schema, value);
    return;
  }
  const lists = Type.IsObject(schema) ? listsIn(schema, value) : [];
  for (const { name, field, list } of lists) yield* below(name, errorsInList(field, list));
  const walked = new Set(lists.map(({ name }) => name));
  const rest = lists.length === 0 ? value : { ...(value as object), ...shortened(lists) };
  for (const error of validatorOf(schema).Errors(rest) as RawError[]) {
    if (!walked.has(error.instancePath.split('/')[1] ?? '')) yield* describe(error, rest);
  }
}

interface ListField {
  name: string;
  field: Type.TArray;
  list: unknown[];
}

function listsIn(schema: Type.TObject, value: unknown): ListField[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(schema.properties).flatMap(([name, field]) => {
    const list = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
    return Type.IsArray(field) && Array.isArray(list) ? [{ name, field, list }] : [];
  });
}

function shortened(lists: readonly ListField[]): Record<string, unknown[]> {
  return Object.fromEntries(lists.map(({ name }) => [name, []]));
}

function* errorsInList(schema: Type.TArray, list: unknown[]): Generator<InputError> {
  const { maxItems: limit } = schema as { maxItems?: number };
  if (limit !== undefined && list.length > limit) {
    const path = '';
    yield { path, message: `has ${count(list.length)} entries; the limit is ${count(limit)}` };
    return;
  }
  if (list.length === 0 && !validatorOf(schema).Check(list))
    yield { path: '', message: 'is empty' };
  const validator = validatorOf(schema.items);
  for (const [index, item] of list.entries()) {
    if (!validator.Check(item)) yield* below(String(index), errorsIn(schema.items, item));
  }
}

function* below(name: string, errors: Iterable<InputError>): Generator<InputError> {
  for (const { path, message } of errors) yield { path: `/${name}${path}`, message };
}

function toList(found: Map<string, string>): InputError[] {
  return [...found].map(([path, message]) => ({ path, message }));
}

interface RawError {
  keyword: string;
  instancePath: string;
  params: Record<string, unknown>;
  message: string;
}

function describe(
  { keyword, instancePath: path, params, message }: RawError,
  value: unknown,
): InputError[] {
  const given = at(value, path);
  switch (keyword) {
    case 'additionalProperties':
      return names(params.additionalProperties).map((name) => ({
        path: `${path}/${name}`,
        message: 'is not a known field',
      }));
    case 'boolean':
      return [{ path, message: 'is not a known field' }];
    case 'required':
      return names(params.requiredProperties).map((name) => ({
        path: `${path}/${name}`,
        message: 'is missing',
      }));
    case 'maxLength':
      return [
        {
          path,
          message: `is ${count([...String(given)].length)} characters long; the limit is ${count(params.limit)}`,
        },
      ];
    case 'minLength':
    case 'pattern':
      if (params.pattern === TIMESTAMP_PATTERN) return [{ path, message: NOT_A_TIMESTAMP }];
      return [
        {
          path,
          message:
            given === '' || !/\S/.test(String(given))
              ? 'is empty'
              : `does not have the form ${String(params.pattern)}`,
        },
      ];
    case 'minItems':
    case 'minProperties':
      return [{ path, message: 'is empty' }];
    case 'enum':
      return [{ path, message: enumMessage(given, params.allowedValues) }];
    case 'format':
      return [{ path, message: formatMessage(String(params.format)) }];
    case 'minimum':
      return [{ path, message: `is ${String(given)}; the least is ${count(params.limit)}` }];
    case 'maximum':
      return [{ path, message: `is ${String(given)}; the most is ${count(params.limit)}` }];
    default:
      return [{ path, message }];
  }
}

const NOT_A_TIMESTAMP = 'is not a time like 2026-01-31T12:00:00.000Z';

function formatMessage(format: string): string {
  if (format === 'storable-text') return 'has a NUL or half of a surrogate pair in it';
  if (format === 'date-time') return NOT_A_TIMESTAMP;
  return `is not a ${format}`;
}

function enumMessage(given: unknown, allowed: unknown): string {
  const words = names(allowed);
  const near = typeof given === 'string' ? nearest(given, words) : undefined;
  const guess = near === undefined ? '' : `; did you mean ${near}?`;
  return `is ${JSON.stringify(given)}, but must be one of ${words.join(', ')}${guess}`;
}

function names(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((name) => name !== null).map(String) : [];
}

function count(value: unknown): string {
  return typeof value === 'number' ? value.toLocaleString('en-US') : String(value);
}

function at(value: unknown, pointer: string): unknown {
  let here = value;
  for (const part of pointer.split('/').slice(1)) {
    if (typeof here !== 'object' || here === null) return undefined;
    here = (here as Record<string, unknown>)[part.replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return here;
}
