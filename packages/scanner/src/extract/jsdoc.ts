import { firstSentence } from './declaration-text.ts';

/** The first sentence of the JSDoc comment that ends right before `start`; null without one. */
export function docBefore(text: string, start: number): string | null {
  const comment = jsdocBefore(text, start);
  // The first sentence of an essay stands in its beginning.
  return comment === null ? null : firstSentence(plain(comment.slice(0, 1_000)));
}

/** What stands in the JSDoc comment that ends right before `start`; null without one. */
export function jsdocBefore(text: string, start: number): string | null {
  let end = start;
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--;
  if (text.charCodeAt(end - 1) !== SLASH || text.charCodeAt(end - 2) !== STAR) return null;
  const open = text.lastIndexOf('/*', end - 3);
  if (open < 0 || text.charCodeAt(open + 2) !== STAR || open + 4 >= end) return null;
  return text.slice(open + 3, end - 2);
}

const SLASH = 47;
const STAR = 42;

function isSpace(unit: number): boolean {
  return unit === 32 || (unit >= 9 && unit <= 13);
}

/** Without the asterisks down the side; a comment that begins with a tag has its description there. */
function plain(comment: string): string {
  const body = comment
    .replace(/^[ \t]*\*[ \t]?/gm, '')
    .replace(
      /\{@\w+ ([^}|]*?)(?:[| ]([^}]*))?\}/g,
      (_, target: string, label?: string) => label ?? target,
    );
  const tag = body.search(/^[ \t]*@\w/m);
  if (tag < 0) return body;
  const description = body.slice(0, tag);
  if (description.trim() !== '') return description;
  return /^[ \t]*@(?:description|desc|summary|fileoverview)[ \t]+([^@]*)/m.exec(body)?.[1] ?? '';
}
