import { oneLine } from './declaration-text.ts';

/** What lies between tokens: whitespace, comments, and line ends that a backslash joins. */
const blank = /(?:\s|#[^\n]*(?:\n|$)|\\\r?\n)+/;
const string = /'''[\s\S]*?'''|"""[\s\S]*?"""|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/;
const stringOrBlank = new RegExp(
  `${string.source}|,?${blank.source}(?=[)\\]}])|${blank.source}`,
  'g',
);

/** Python code on one line, without its comments and without the gaps that its line breaks leave. */
export function codeOnOneLine(code: string, limit?: number): string {
  return oneLine(/[\n#]/.test(code) ? code.replace(stringOrBlank, joinTokens) : code, limit);
}

function joinTokens(piece: string, at: number, code: string): string {
  if (/^['"]/.test(piece)) return piece.replace(/\s*\n\s*/g, ' ');
  if (!piece.includes('\n')) return piece.startsWith(',') ? piece.replace(/[\s#].*$/s, '') : ' ';
  const opens = '([{'.includes(code[at - 1] ?? ' ');
  const closes = ')]}'.includes(code[at + piece.length] ?? ' ');
  return opens || closes ? '' : ' ';
}

const opening = /[rRuU]?("""|'''|"|')/y;

/** The docstring with which a body begins that starts at `from`, without its quotes; null if none. */
export function docstringAt(text: string, from: number): string | null {
  opening.lastIndex = from;
  const quote = opening.exec(text)?.[1];
  if (!quote) return null;
  const start = opening.lastIndex;
  let end = text.indexOf(quote, start);
  while (end > 0 && isEscaped(text, end)) end = text.indexOf(quote, end + 1);
  if (end < 0) return null;
  return text.slice(start, end);
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text[at - 1 - slashes] === '\\') slashes++;
  return slashes % 2 === 1;
}
