import type { ImportRecord, ImportStatement } from '@codepakt/contract';
import { languageOf } from './languages.ts';
import type { ParsedFile } from './parse-file.ts';
import { createResolvers, type Resolvers } from './project-tree.ts';
import type { ScanNote } from './scan-note.ts';
import { stagedTree } from './staged-files.ts';

/**
 * Resolvers for files of a project whose layout is the noted one: what such a file imported before
 * leads where it did. The whole project is looked at only where one has a new import. Undefined when
 * the layout turns out to be another one.
 * @param before what each file imported
 */
export async function resolversSince(
  root: string,
  note: ScanNote,
  files: readonly ParsedFile[],
  before: (path: string) => readonly ImportRecord[],
): Promise<Resolvers | undefined> {
  const known = new Map<string, string[]>();
  for (const { path } of files) {
    for (const imported of before(path)) known.set(keyOf(path, imported), imported.resolved);
  }
  const hasNew = files.some(({ path, imports }) =>
    imports.some((imported) => !known.has(keyOf(path, imported))),
  );
  const others = hasNew ? createResolvers((await stagedTree(root)).tree, note) : undefined;
  if (others?.isKnown === false) return undefined;
  return {
    layout: note,
    isKnown: true,
    resolve: (importer, imported) =>
      known.get(keyOf(importer, imported)) ?? others?.resolve(importer, imported) ?? [],
  };
}

/** Two imports with the same one lead to the same files. */
function keyOf(importer: string, { kind, specifier, names }: ImportStatement): string {
  const told = languageOf(importer)?.importsByName ? names.map(({ name }) => name) : [];
  return [importer, kind, specifier, ...told].join('\0');
}
