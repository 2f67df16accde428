import type { ImportStatement, SymbolRecord } from '@codepakt/contract';

/** A fixture's text without its expectations, and what they say. */
export interface Fixture {
  text: string;
  symbols: ExpectedSymbol[];
  imports: ImportStatement[];
}

/** Signatures are compared where the fixture states one, all else always. */
export type ExpectedSymbol = Omit<SymbolRecord, 'signature'> & { signature?: string };

/**
 * Reads a fixture that says itself what is to be found in it, in comment lines (`//` or `#`) with
 * carets under a name or specifier of the code line above:
 *
 *     export async function load(path: string) {
 *     //                    ^^^^ function, exported, to +2, {"async":true}
 *     //                    signature: export async function load(path: string)
 *     //                    doc: Loads a file.
 *     import { a as b, type C } from './c.ts';
 *     //                              ^^^^^^ import: a as b, C
 *
 * After the kind, in any order: `exported`, `in PARENT`, `to +LINES` for the end line, `from -LINES`
 * for the start line, and the metadata as JSON at the end. A name that stands where the comment
 * begins is marked `<- NAME` instead. For an import: `import [KIND][: NAME [as ALIAS], …]`;
 * `import "SPECIFIER"` where the specifier is not what the carets mark.
 */
export function readFixture(fixture: string): Fixture {
  const lines: string[] = [];
  const symbols: ExpectedSymbol[] = [];
  const imports: ImportStatement[] = [];
  for (const line of fixture.split('\n')) {
    const more = /^\s*(?:\/\/|#)\s*(signature|doc): (.*?)\r?$/.exec(line);
    const last = symbols.at(-1);
    if (more && last) {
      if (more[1] === 'signature') last.signature = more[2] ?? '';
      else last.doc = more[2] ?? '';
      continue;
    }
    const mark = readMark(line, lines.at(-1) ?? '');
    if (mark === null) lines.push(line);
    else if (/^import\b/.test(mark.words)) imports.push(toImport(mark, lines.length));
    else symbols.push(toSymbol(mark, lines.length));
  }
  return { text: lines.join('\n'), symbols, imports };
}

interface Mark {
  /** Counted from one. */
  column: number;
  marked: string;
  words: string;
}

function readMark(line: string, above: string): Mark | null {
  const carets = /^(\s*(?:\/\/|#)\s*)(\^+) (.*?)\s*$/.exec(line);
  if (carets) {
    const [, before = '', run = '', words = ''] = carets;
    const marked = above.slice(before.length, before.length + run.length);
    return { column: before.length + 1, marked, words };
  }
  const arrow = /^(\s*)(?:\/\/|#) <- (\S+) (.*?)\s*$/.exec(line);
  if (!arrow) return null;
  const [, before = '', marked = '', words = ''] = arrow;
  if (!above.startsWith(marked, before.length)) {
    throw new Error(`the fixture marks ${marked}, but above it stands: ${above}`);
  }
  return { column: before.length + 1, marked, words };
}

function toSymbol({ column, marked, words }: Mark, line: number): ExpectedSymbol {
  const brace = words.indexOf('{');
  const metadata = brace < 0 ? {} : JSON.parse(words.slice(brace));
  const [kind, ...facts] = (brace < 0 ? words : words.slice(0, brace)).split(',').map(trim);
  const symbol: ExpectedSymbol = {
    name: marked,
    kind: kind as SymbolRecord['kind'],
    parent: null,
    line,
    column,
    start_line: line,
    end_line: line,
    exported: false,
    doc: null,
    metadata,
  };
  for (const fact of facts.filter(Boolean)) {
    const [word, value = ''] = fact.split(/ (.*)/s);
    if (fact === 'exported') symbol.exported = true;
    else if (word === 'in') symbol.parent = value;
    else if (word === 'to') symbol.end_line = line + Number(value);
    else if (word === 'from') symbol.start_line = line + Number(value);
    else if (word === 'named') symbol.name = value;
    else throw new Error(`the fixture says "${fact}", which means nothing`);
  }
  return symbol;
}

function toImport({ marked, words }: Mark, line: number): ImportStatement {
  const [, kind = 'import', specifier = marked, names = ''] =
    /^import(?: (\w+))?(?: "(.*)")?(?:: (.*))?$/.exec(words) ?? [];
  return {
    specifier,
    kind: kind as ImportStatement['kind'],
    line,
    names: names
      .split(',')
      .map(trim)
      .filter(Boolean)
      .map((entry) => {
        const [name = '', alias = null] = entry.split(' as ');
        return { name, alias };
      }),
  };
}

function trim(text: string): string {
  return text.trim();
}
