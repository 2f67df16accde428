import type { Span } from './extractor.ts';

/** What may begin something that is not code, or a bracket, or a function at the top of a file. */
const TOP = /["'`/{}]|^func\b/gm;
const HEAD = /["'`/{}()[\]\n]|\b(?:struct|interface)\b/g;
const BLOCK = /["'`/{}]/g;

const STRING = /"[^"\\\n]*(?:\\.[^"\\\n]*)*"/y;
const RUNE = /'(?:\\.)?[^'\n]*'/y;

/**
 * What stands between the braces of a Go file's functions, where nothing is declared that can be had
 * from outside. Undefined when brackets do not match or something has no end.
 */
export function findBodies(text: string): Span[] | undefined {
  const bodies: Span[] = [];
  let open = 0;
  for (let found = find(text, TOP, 0); found !== undefined; found = find(text, TOP, found.end)) {
    if (found.what === '{') open++;
    else if (found.what === '}') open--;
    else if (found.what === 'func' && open === 0) {
      const head = headFrom(text, found.end);
      const end = head?.hasBody === true ? blockEnd(text, head.end) : head?.end;
      if (head === undefined || end === undefined) return undefined;
      if (head.hasBody) bodies.push({ start: head.end, end: end - 1 });
      found.end = end;
    }
    if (found.what === '' || open < 0) return undefined;
  }
  return open === 0 ? bodies : undefined;
}

/** The rest of a function's head, with the brace that ends it; undefined when it has no end. */
function headFrom(text: string, from: number): { end: number; hasBody: boolean } | undefined {
  let open = 0;
  let isType = false;
  for (
    let found = find(text, HEAD, from);
    found !== undefined;
    found = find(text, HEAD, found.end)
  ) {
    const { what, end } = found;
    if (open === 0 && what === '\n') return { end, hasBody: false };
    if (open === 0 && what === '{' && !isType) return { end, hasBody: true };
    if (/^[{([]$/.test(what)) open++;
    else if (/^[})\]]$/.test(what)) open--;
    // The braces of a type, and not of the function that returns it.
    isType = what === 'struct' || what === 'interface';
    if (what === '' || open < 0) return undefined;
  }
  return undefined;
}

/** Behind the brace that ends a block. */
function blockEnd(text: string, from: number): number | undefined {
  let open = 1;
  for (
    let found = find(text, BLOCK, from);
    found !== undefined;
    found = find(text, BLOCK, found.end)
  ) {
    if (found.what === '{') open++;
    else if (found.what === '}') open--;
    else if (found.what === '') return undefined;
    if (open === 0) return found.end;
  }
  return undefined;
}

interface Found {
  /** Empty for something without an end. */
  what: string;
  /** Behind it. */
  end: number;
}

/** The next bracket or word, past all strings and comments. */
function find(text: string, pattern: RegExp, from: number): Found | undefined {
  pattern.lastIndex = from;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const [what] = match;
    const end = pastText(text, what, match.index);
    if (end === undefined) return { what, end: pattern.lastIndex };
    if (end < 0) return { what: '', end: text.length };
    pattern.lastIndex = end;
  }
  return undefined;
}

/** Behind the string or comment that begins here, below zero when it has no end; undefined for code. */
function pastText(text: string, what: string, at: number): number | undefined {
  if (what === '"') return pastBy(text, STRING, at);
  if (what === "'") return pastBy(text, RUNE, at);
  if (what === '`') return past(text, '`', at + 1);
  if (what !== '/') return undefined;
  if (text[at + 1] === '*') return past(text, '*/', at + 2);
  if (text[at + 1] !== '/') return at + 1;
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function past(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at < 0 ? -1 : at + what.length;
}

function pastBy(text: string, pattern: RegExp, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}
