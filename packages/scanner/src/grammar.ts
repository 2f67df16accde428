import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Language, Parser, type Range, type Tree } from 'web-tree-sitter';
import { TextInput } from './text-input.ts';

/** Parsers by name of their grammar; each is loaded when it is first asked for, once a thread. */
export interface Grammars {
  /** @throws when the folder lacks the grammar or the runtime can't read it. */
  parser(grammar: string): Promise<TextParser>;
  /** Loads what all of them need, so that it is there when the first is asked for. */
  prepare(): Promise<void>;
}

export interface TextParser {
  /**
   * The tree of a text, or of parts of it; null when it was over before, which is asked every now and
   * then.
   */
  parse(text: string, isOver: () => boolean, parts?: Range[]): Tree | null;
}

/**
 * The runtime lives once a thread and never gives back what a grammar takes of its tables: who loaded
 * the grammars anew for each scan would come to their end.
 */
const loaded = new Map<string, Grammars>();

/** @param grammarsDir the folder with `web-tree-sitter.wasm` and `<grammar>/grammar.wasm` */
export function loadGrammars(grammarsDir: string): Grammars {
  const known = loaded.get(grammarsDir) ?? createGrammars(grammarsDir);
  loaded.set(grammarsDir, known);
  return known;
}

function createGrammars(grammarsDir: string): Grammars {
  const parsers = new Map<string, Promise<TextParser>>();
  const input = new TextInput(() => readFileSync(join(grammarsDir, 'web-tree-sitter.wasm')));
  let runtime: Promise<void> | undefined;

  function prepare(): Promise<void> {
    // What it would print when it breaks stands in the error that it throws.
    const printErr = () => {};
    runtime ??= Parser.init({ instantiateWasm: input.instantiateWasm, printErr });
    return runtime;
  }

  async function load(grammar: string): Promise<TextParser> {
    await prepare();
    const bytes = readFileSync(join(grammarsDir, grammar, 'grammar.wasm'));
    const parser = new Parser().setLanguage(await Language.load(bytes));
    return {
      parse(text, isOver, parts) {
        input.text = text;
        const tree = parser.parse(text, null, {
          progressCallback: isOver,
          ...(parts && { includedRanges: parts }),
        });
        // An abandoned parse would be gone on with at the next file.
        if (!tree) parser.reset();
        return tree;
      },
    };
  }

  return {
    prepare,
    parser(grammar) {
      const known = parsers.get(grammar) ?? load(grammar);
      parsers.set(grammar, known);
      return known;
    },
  };
}
