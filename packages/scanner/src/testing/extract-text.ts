import { grammarsDir } from '@codepakt/grammars';
import type { Extraction } from '../extract/extractor.ts';
import { loadGrammars } from '../grammar.ts';
import { languageOf } from '../languages.ts';
import { parse } from '../parse-file.ts';

const grammars = loadGrammars(grammarsDir);

/** What the language of `path` finds in `text`, through the real grammar. */
export async function extractText(
  path: string,
  text: string,
): Promise<Extraction & { has_errors: boolean }> {
  const language = languageOf(path);
  if (!language) throw new Error(`${path} is of no known language`);
  const tree = await parse(grammars, language, path, text);
  if (!tree) throw new Error(`${path} was not parsed`);
  try {
    const extraction = language.extractor.extract({ path, text, root: tree.rootNode });
    return { ...extraction, has_errors: tree.rootNode.hasError };
  } finally {
    tree.delete();
  }
}
