import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Language, Parser } from 'web-tree-sitter';

/** Parsers by name of their grammar; each is loaded when it is first asked for, once a thread. */
export interface Grammars {
  /** @throws when the folder lacks the grammar or the runtime can't read it. */
  parser(grammar: string): Promise<Parser>;
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
  const parsers = new Map<string, Promise<Parser>>();
  let runtime: Promise<void> | undefined;

  async function load(grammar: string): Promise<Parser> {
    runtime ??= Parser.init({ locateFile: (file: string) => join(grammarsDir, file) });
    await runtime;
    const bytes = readFileSync(join(grammarsDir, grammar, 'grammar.wasm'));
    return new Parser().setLanguage(await Language.load(bytes));
  }

  return {
    parser(grammar) {
      const known = parsers.get(grammar) ?? load(grammar);
      parsers.set(grammar, known);
      return known;
    },
  };
}
