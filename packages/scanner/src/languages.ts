import type { Extractor } from './extract/extractor.ts';
import { goExtractor } from './extract/go.ts';
import { pythonExtractor } from './extract/python.ts';
import { typescriptExtractor } from './extract/typescript.ts';
import { createGoResolver } from './resolve-import/go.ts';
import type { CreateImportResolver } from './resolve-import/import-resolver.ts';
import { createPythonResolver } from './resolve-import/python.ts';
import { createTypescriptResolver } from './resolve-import/typescript.ts';

export interface LanguageEntry {
  name: string;
  /** In small letters, with the dot. A file belongs to the language whose extension ends its name. */
  extensions: string[];
  /** The folder below `grammars/`. */
  grammar: string;
  /** The one for files that the other can't read: JavaScript with types in it. */
  fallback?: string;
  extractor: Extractor;
  /** Languages that import each other's files share one. */
  createResolver: CreateImportResolver;
  /** The names in an import tell too where it leads. */
  importsByName?: true;
}

/** Every language that codepakt reads. A new one is a line here, a grammar, an extractor and fixtures. */
export const languages: readonly LanguageEntry[] = [
  {
    name: 'typescript',
    extensions: ['.ts', '.mts', '.cts'],
    grammar: 'typescript',
    extractor: typescriptExtractor,
    createResolver: createTypescriptResolver,
  },
  {
    name: 'tsx',
    extensions: ['.tsx'],
    grammar: 'tsx',
    extractor: typescriptExtractor,
    createResolver: createTypescriptResolver,
  },
  {
    name: 'javascript',
    extensions: ['.js', '.mjs', '.cjs', '.jsx'],
    grammar: 'javascript',
    fallback: 'tsx',
    extractor: typescriptExtractor,
    createResolver: createTypescriptResolver,
  },
  {
    name: 'python',
    extensions: ['.py', '.pyi'],
    grammar: 'python',
    extractor: pythonExtractor,
    createResolver: createPythonResolver,
    importsByName: true,
  },
  {
    name: 'go',
    extensions: ['.go'],
    grammar: 'go',
    extractor: goExtractor,
    createResolver: createGoResolver,
  },
];

const byExtension = new Map(
  languages.flatMap((language) => language.extensions.map((extension) => [extension, language])),
);

/** The language of a path by its extension, upper case or lower; undefined for any other file. */
export function languageOf(path: string): LanguageEntry | undefined {
  const dot = path.lastIndexOf('.');
  if (dot <= path.lastIndexOf('/') + 1) return undefined;
  return byExtension.get(path.slice(dot).toLowerCase());
}
