interface Gap {
  pattern: RegExp;
  /** Must have as many characters as what was found, and line feeds as well. */
  replace(found: string): string;
}

/** What both grammars stumble over. */
const COMMON: Gap[] = [
  {
    // A line feed before `from` ends the statement for them: `export { a }\n  from './a'`.
    pattern: /\}\s*\n\s*from\b(?=\s*['"])/g,
    replace: (found) => `}from${found.slice(1, -'from'.length)}`,
  },
];

const TYPESCRIPT: Gap[] = [
  {
    // It knows `import('./x')` as a call only, not `import('./x').Name<string>[]` in a type; an
    // identifier can stand in both places, and shows in the tree which of them it was.
    pattern: /(?<![\w$.])import[ \t]*\([ \t]*(?:'[^'\n]*'|"[^"\n]*")[ \t]*\)/g,
    replace: (found) => '$'.repeat(found.length),
  },
  {
    pattern: /^export[ \t]+type[ \t]+(?=\*)/gm,
    replace: (found) => 'export'.padEnd(found.length),
  },
  {
    // `export import fs = require('fs')`
    pattern: /^export[ \t]+(?=import[ \t]+(?:type[ \t]+)?[\w$]+[ \t]*=[ \t]*require\b)/gm,
    replace: (found) => ' '.repeat(found.length),
  },
];

/**
 * Text for the parser in which the grammar's gaps are closed. Names and signatures are taken from
 * the text as it is, which is why nothing may move.
 */
export function closeGrammarGaps(text: string, isTypescript: boolean): string {
  let closed = text;
  for (const { pattern, replace } of isTypescript ? [...COMMON, ...TYPESCRIPT] : COMMON) {
    closed = closed.replace(pattern, replace);
  }
  return closed;
}
