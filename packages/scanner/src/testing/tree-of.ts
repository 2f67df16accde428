import type { ProjectTree } from '../resolve-import/import-resolver.ts';

/** A project of these files; a list of paths is one of empty files. */
export function treeOf(files: readonly string[] | Record<string, string>): ProjectTree {
  const texts = new Map(
    Array.isArray(files) ? files.map((path) => [path, '']) : Object.entries(files),
  );
  return {
    paths: new Set(texts.keys()),
    readText: (path) => texts.get(path) ?? null,
  };
}
