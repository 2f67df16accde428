import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { grammarsDir } from '../../grammars/src/index.ts';
import type { ImportRecord, SymbolRecord } from '../../packages/contract/src/index.ts';
import type { Extractor } from '../../packages/scanner/src/extract/extractor.ts';
import { loadGrammars } from '../../packages/scanner/src/grammar.ts';
import type { CreateImportResolver } from '../../packages/scanner/src/resolve-import/import-resolver.ts';

/** What was found in one file, or, of a reference, why it could not read it. */
export interface FileFacts {
  file: string;
  symbols: SymbolFacts[];
  imports: ImportRecord[];
  /** The folder whose import brings the file in, for languages that import folders. */
  package?: string | null;
  error?: string;
}

export type SymbolFacts = Pick<
  SymbolRecord,
  'name' | 'kind' | 'parent' | 'line' | 'column' | 'start_line' | 'end_line' | 'exported'
> & { metadata: Record<string, unknown> };

export interface Reading {
  files: FileFacts[];
  /** Of parsing and of extracting, in milliseconds; of source, in characters. */
  cost: { parse: number; extract: number; resolve: number; characters: number };
}

interface Language {
  grammar: string;
  extensions: RegExp;
  extractor: Extractor;
  createResolver: CreateImportResolver;
}

/** Reads a folder as the scanner does: extract each file, then resolve what they import. */
export async function readProject(folder: string, language: Language): Promise<Reading> {
  const parser = await loadGrammars(grammarsDir).parser(language.grammar);
  const paths = listFiles(folder);
  const cost = { parse: 0, extract: 0, resolve: 0, characters: 0 };
  const read = [];
  for (const file of paths.filter((path) => language.extensions.test(path))) {
    const text = readFileSync(join(folder, file), 'utf8').replace(/^\ufeff/, '');
    if (text.includes('\0') || text.length > 2 ** 21) continue;
    const begun = performance.now();
    const tree = parser.parse(text);
    if (!tree) throw new Error(`${file} was not parsed`);
    const parsed = performance.now();
    read.push({ file, ...language.extractor.extract({ path: file, text, root: tree.rootNode }) });
    cost.extract += performance.now() - parsed;
    cost.parse += parsed - begun;
    cost.characters += text.length;
    tree.delete();
  }
  const begun = performance.now();
  const readText = (path: string): string => readFileSync(join(folder, path), 'utf8');
  const resolver = language.createResolver({ paths: new Set(paths), readText });
  const files = read.map(({ file, symbols, imports, isPackageMember = false }) => ({
    file,
    symbols,
    imports: imports.map((each) => ({ ...each, resolved: resolver.resolve(file, each) })),
    package: isPackageMember ? `${dirname(file)}/` : null,
  }));
  cost.resolve = performance.now() - begun;
  return { files, cost };
}

/** Every file that git knows of, or every file where there is no git. */
function listFiles(folder: string): string[] {
  const options = { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
  const listed = execFileSync(
    'find',
    ['.', '-name', '.git', '-prune', '-o', '-type', 'f', '-print0'],
    options,
  );
  return listed
    .split('\0')
    .filter(Boolean)
    .map((path) => path.slice(2))
    .sort();
}

/** Prints what a megabyte of source cost. */
export function reportCost({ parse, extract, resolve, characters }: Reading['cost']): void {
  const perMegabyte = (ms: number): string => `${((ms * 1e6) / characters).toFixed(1)} ms/MB`;
  const [parsed, extracted] = [perMegabyte(parse), perMegabyte(extract)];
  console.log(
    `cost: parse ${parsed}, extract ${extracted}, resolve ${resolve.toFixed(0)} ms in all`,
  );
}
