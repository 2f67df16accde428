import { hash } from 'node:crypto';
import type { ImportStatement, SkipReason, SymbolRecord } from '@codepakt/contract';
import { CodepaktError } from '@codepakt/contract/light';
import type { Range, Tree } from 'web-tree-sitter';
import type { Grammars, TextParser } from './grammar.ts';
import { type LanguageEntry, languageOf } from './languages.ts';
import { partsAround } from './parts-around.ts';
import { createPatience } from './patience.ts';
import { readSource } from './read-source.ts';

/** A file that was read but whose imports nobody has resolved yet. */
export interface ParsedFile {
  path: string;
  language: string;
  extractor_version: number;
  hash: string;
  lines: number;
  has_errors: boolean;
  package: string | null;
  symbols: SymbolRecord[];
  imports: ImportStatement[];
}

export type ParseOutcome =
  | { parsed: ParsedFile }
  | { same: true; path: string }
  | { skipped: SkipReason; path: string; message?: string };

export interface ParseInput {
  path: string;
  bytes: Uint8Array;
  /** What is known of the file: when its content has this hash there is nothing to do. */
  known_hash: string | null;
}

/**
 * The parser broke on a file, as it does when it has used up its memory: its runtime, of which each
 * thread has one, can parse nothing more.
 */
export class BrokenParser extends CodepaktError {
  constructor(path: string, cause: unknown) {
    super('internal', `${path} broke the parser; the index is as it was`, {
      hint: 'A scan of all files leaves it out: cpk scan',
      cause,
    });
  }
}

/** Whether a file broke the parser of this thread. */
let isBroken = false;

/** Whether this thread can still parse. */
export function canParse(): boolean {
  return !isBroken;
}

/**
 * Decodes, parses and extracts one file.
 * @throws BrokenParser
 */
export async function parseFile(grammars: Grammars, input: ParseInput): Promise<ParseOutcome> {
  const { path, bytes } = input;
  const language = languageOf(path);
  if (!language) throw new Error(`${path} is of no known language`);
  const digest = hashOf(bytes);
  if (digest === input.known_hash) return { same: true, path };
  const source = readSource(bytes);
  if ('skip' in source) return { skipped: source.skip, path };
  const { text } = source;
  const tree = await parse(grammars, language, path, text);
  if (!tree) {
    return {
      skipped: 'too_complex',
      path,
      message: 'the parser gave up: it would take far too long',
    };
  }
  try {
    const root = tree.rootNode;
    const { symbols, imports, isPackageMember } = language.extractor.extract({ path, text, root });
    const parsed = {
      path,
      language: language.name,
      extractor_version: language.extractor.version,
      hash: digest,
      lines: countLines(text),
      has_errors: root.hasError,
      package: isPackageMember ? path.slice(0, path.lastIndexOf('/') + 1) || './' : null,
      symbols,
      imports,
    };
    return { parsed };
  } catch (error) {
    // The stack is used up, by namespaces in namespaces, say.
    if (!(error instanceof RangeError)) throw error;
    return { skipped: 'too_complex', path, message: 'it is nested far too deeply' };
  } finally {
    tree.delete();
  }
}

/** SHA-256 of a file's bytes, hexadecimal. */
export function hashOf(bytes: Uint8Array): string {
  return hash('sha256', bytes);
}

/**
 * The tree of a file. The bodies of functions are passed over; when the grammar meets errors all of the
 * text is read, then with its gaps closed, and then by another grammar. Null when it took too long.
 */
export async function parse(
  grammars: Grammars,
  { grammar, fallback, extractor }: LanguageEntry,
  path: string,
  text: string,
): Promise<Tree | null> {
  const parser = await grammars.parser(grammar);
  const prepared = extractor.prepare?.(text, path) ?? text;
  const bodies = extractor.findBodies?.(text, path) ?? [];
  if (bodies.length > 0) {
    const outline = parseWithin(prepared, partsAround(prepared, bodies));
    if (!outline?.rootNode.hasError) return outline;
    outline.delete();
  }
  const first = parseWithin(prepared);
  if (!first?.rootNode.hasError) return first;
  const repaired = extractor.repair?.(prepared) ?? prepared;
  const second = repaired === prepared ? first : (parseWithin(repaired) ?? first);
  if (second !== first) first.delete();
  if (!second.rootNode.hasError || fallback === undefined) return second;
  const third = parseWithin(repaired, undefined, await grammars.parser(fallback));
  if (third?.rootNode.hasError === false) {
    second.delete();
    return third;
  }
  third?.delete();
  return second;

  function parseWithin(given: string, parts?: Range[], by: TextParser = parser): Tree | null {
    try {
      return by.parse(given, createPatience(), parts);
    } catch (cause) {
      isBroken = true;
      throw new BrokenParser(path, cause);
    }
  }
}

function countLines(text: string): number {
  let lines = text === '' || text.endsWith('\n') ? 0 : 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}
