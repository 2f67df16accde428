import { CodepaktError } from '@codepakt/contract';

type CursorPart = string | number | null;

/** Where the next page of a list begins, as one opaque word. */
export function encodeCursor(parts: readonly CursorPart[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @throws CodepaktError `invalid_input` for a word that no list has given out */
export function decodeCursor(cursor: string): CursorPart[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(parts) && parts.every(isCursorPart)) return parts;
  } catch {
    // not JSON: the same answer as for JSON of another form
  }
  throw new CodepaktError('invalid_input', 'cursor is not one that a list gave out', {
    errors: [{ path: '/cursor', message: 'is not one that a list gave out' }],
    hint: 'Use next_cursor of the page before as it stands.',
  });
}

function isCursorPart(part: unknown): part is CursorPart {
  return part === null || typeof part === 'string' || Number.isSafeInteger(part);
}
