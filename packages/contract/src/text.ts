import * as Type from 'typebox';
import { IsDateTime, Set as setFormat } from 'typebox/format';

/**
 * Text that can be stored and given back unchanged: SQLite's functions stop at NUL, and half of a
 * surrogate pair has no UTF-8 form, so it would come back as another character.
 */
setFormat('storable-text', isStorable);

/** RFC 3339 knows times that Date does not, such as leap seconds and named calendars. */
setFormat('date-time', (text) => IsDateTime(text) && !Number.isNaN(Date.parse(text)));

function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}

/** Text of at most `maxLength` code points. */
export function text(
  maxLength: number,
  options: { minLength?: number; description?: string } = {},
) {
  return Type.String({ format: 'storable-text', maxLength, ...options });
}

/** Non-empty text on one line's worth of space, such as a name or a label. */
export function label(maxLength: number, description?: string) {
  return Type.String({
    format: 'storable-text',
    minLength: 1,
    maxLength,
    pattern: '\\S',
    ...(description === undefined ? {} : { description }),
  });
}

/** A string schema that also takes null. One `type` list instead of a union keeps error messages to one line. */
export function nullable<S extends Type.TString>(schema: S) {
  return Type.Unsafe<Type.Static<S> | null>({ ...schema, type: ['string', 'null'] });
}

/** One word of a list. */
export function oneOf<const W extends readonly string[]>(
  words: W,
  options: { description?: string } = {},
) {
  return Type.Unsafe<W[number]>({ type: 'string', enum: [...words], ...options });
}

/** At most `maxItems` different labels. */
export function list<S extends Type.TSchema>(items: S, maxItems: number) {
  return Type.Array(items, { maxItems });
}

/** Times are compared as texts, so all have one form. */
export const TIMESTAMP_PATTERN = '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$';

/** UTC, ISO 8601 with milliseconds. */
export const Timestamp = Type.String({ format: 'date-time', pattern: TIMESTAMP_PATTERN });

/** An object without keys beyond the named ones. */
export function closed<P extends Type.TProperties>(
  properties: P,
  options: Type.TObjectOptions = {},
) {
  return Type.Object(properties, { additionalProperties: false, ...options });
}
