/**
 * What TypeScript's grammar stumbles over, each with text of the same length that it can read in
 * the same place. Names and signatures are taken from the text as it is.
 */
const GAPS: { pattern: RegExp; replace(found: string): string }[] = [
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

/** Text for the parser in which the grammar's gaps are closed. */
export function closeGrammarGaps(text: string): string {
  let closed = text;
  for (const { pattern, replace } of GAPS) closed = closed.replace(pattern, replace);
  return closed;
}
