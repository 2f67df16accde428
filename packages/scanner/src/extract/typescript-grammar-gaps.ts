interface Gap {
  pattern: RegExp;
  /** Must have as many characters as what was found, and line feeds as well. */
  replace(found: string): string;
}

/** A line feed before `from` ends the statement for both grammars: `export { a }\n  from './a'`. */
const LINE_BEFORE_FROM: Gap = {
  pattern: /\}\s*\n\s*from(?=\s*['"])/g,
  replace: (found) => `}from${found.slice(1, -'from'.length)}`,
};

/**
 * TypeScript's grammar knows `import('./x')` as a call only, not `import('./x').Name<string>[]` in
 * a type. An identifier can stand in both places, and shows in the tree which of them it was.
 */
const IMPORT_CALL: Gap = {
  pattern:
    /import(?<![\w$.]import)[ \t]*\([ \t]*(?:'[^'\n]*'|"[^"\n]*")[ \t]*(?:,[ \t]*\{[^{}\n]*(?:\{[^{}\n]*\}[^{}\n]*)?\}[ \t]*,?[ \t]*)?\)/g,
  replace: rename,
};

/** To the grammars `using file = open()` sets a variable. */
const USING: Gap = {
  pattern:
    /(?:await[ \t]+)?using(?<=(?:^|[{;}(])[ \t]*(?:await[ \t]+)?using)(?=[ \t]+[\w$]+[ \t]*(?::[^=;\n]+)?(?:=(?![=>])|of\b))/gm,
  replace: (found) => 'const'.padStart(found.length),
};

/** What makes errors where there are none. */
const ERRORS: Gap[] = [
  {
    // `accessor name = 1`: another modifier that both grammars know stands in where it begins
    pattern:
      /accessor(?<=(?:^|[{;}])[ \t]*accessor)(?=[ \t]+(?:readonly[ \t]+)?#?[\w$]+\s*[:=;!\n])/gm,
    replace: () => 'static  ',
  },
  {
    // `static accessor name = 1`
    pattern:
      /accessor(?<=\b(?:public|private|protected|static|override|abstract|readonly|declare)[ \t]+accessor)(?=[ \t]+#?[\w$]+\s*[:=;!\n])/g,
    replace: blank,
  },
  {
    // `export type * from './types'`
    pattern: /type(?<=^export[ \t]+type)(?=[ \t]+\*)/gm,
    replace: blank,
  },
  {
    // `export import fs = require('fs')`
    pattern: /export(?=[ \t]+import[ \t]+(?:type[ \t]+)?[\w$]+[ \t]*=[ \t]*require\b)/g,
    replace: blank,
  },
  {
    // `from './data.json' assert { type: 'json' }`, as it was before `with`
    pattern: /assert(?<=['"]\s*assert)(?=\s*\{\s*type\b)/g,
    replace: () => 'with  ',
  },
  {
    // `export { data } from './data.json' with { type: 'json' }`
    pattern: /with(?<=^export\b[^'";]*\bfrom\s*(?:'[^'\n]*'|"[^"\n]*")[ \t]*with)\s*\{[^}]*\}/gm,
    replace: blank,
  },
  {
    // `abstract override name: string`
    pattern: /override(?<=\babstract[ \t]+override|\boverride(?=[ \t]+abstract\b))/g,
    replace: blank,
  },
  {
    // `export default abstract class {`
    pattern:
      /abstract(?<=\bexport[ \t]+default[ \t]+abstract)(?=[ \t]+class[ \t]*(?:\{|extends\b|implements\b))/g,
    replace: blank,
  },
  {
    // `using` as the name of a variable
    pattern: /using(?<=\busing)\b(?![ \t]+[\w$]+[ \t]*(?:=|of\b))/g,
    replace: rename,
  },
  {
    // `in?: string` and `in2: string` in an interface without semicolons
    pattern: /in(?<=^[ \t]*in)(?=\d|\??[ \t]*[:(])/gm,
    replace: rename,
  },
  {
    // `abstract: boolean` in an interface
    pattern: /abstract(?<=^[ \t]*(?:readonly[ \t]+)?abstract)(?=\??[ \t]*[:(])/gm,
    replace: rename,
  },
  {
    // `<label class="name" for={id}>` in JavaScript
    pattern: /(?:class|for|in|default|this|with)(?<=\s\w+)(?==["'{])/g,
    replace: rename,
  },
  {
    // `interface Box<in out T>`
    pattern:
      /(?:in[ \t]+out|in|out)(?<=[<,]\s*(?:in[ \t]+out|in|out))(?=[ \t]+[A-Z][\w$]*\s*(?:[,>=]|extends\b))/g,
    replace: blank,
  },
];

/**
 * `<T>(key: T): void` on a line of its own, after a member that ends without a semicolon, goes on
 * with that member to the grammar. The blank before it can hold the semicolon.
 */
function endMembersBeforeGenerics(text: string): string {
  return text.replace(/(?<=\n[ \t]*)[ \t]<(?!\/)/g, (found, at: number) =>
    /[\w$\])}>'"`]/.test(lastBefore(text, at)) ? ';<' : found,
  );
}

/** The last character before `end` that is neither blank nor in a comment; none after an arrow. */
function lastBefore(text: string, end: number): string {
  const code = text
    .slice(Math.max(0, end - 2_000), end)
    .replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
    .trimEnd();
  return code.endsWith('=>') ? '' : code.slice(-1);
}

/**
 * Text for the parser without what the grammars misread in silence. Names and signatures are taken
 * from the text as it is, which is why nothing may move.
 */
export function closeSilentGaps(text: string, isTypescript: boolean): string {
  let closed = text;
  if (/from(?<=\n\s*from)/.test(text)) closed = closeGap(closed, LINE_BEFORE_FROM);
  if (text.includes('using ')) closed = closeGap(closed, USING);
  return isTypescript ? closeGap(closed, IMPORT_CALL) : closed;
}

function closeGap(text: string, { pattern, replace }: Gap): string {
  return text.replace(pattern, replace);
}

/** Text without what the grammars take for errors, to be tried when there were some. */
export function closeErrorGaps(text: string): string {
  let closed = text;
  for (const gap of ERRORS) closed = closeGap(closed, gap);
  return endMembersBeforeGenerics(closed);
}

function rename(found: string): string {
  return '$'.repeat(found.length);
}

function blank(found: string): string {
  return found.replace(/[^\n]/g, ' ');
}
