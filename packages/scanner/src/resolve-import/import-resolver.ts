import type { ImportStatement } from '@codepakt/contract';

/** All that a resolver may know of a project: never the disk itself, so that staged trees resolve too. */
export interface ProjectTree {
  /** Every path below the root, code or not, relative, with forward slashes; no folders. */
  paths: ReadonlySet<string>;
  /** The text of a file of `paths`, such as a `package.json` or `go.mod`; null when it can't be read. */
  readText(path: string): string | null;
}

export interface ImportResolver {
  /**
   * What of the project an import brings in: paths from `paths`, sorted, each once, and folders
   * with a slash at their end where the language imports folders. Empty when that lies outside
   * or cannot be told: never a guess.
   */
  resolve(importer: string, imported: ImportStatement): string[];
}

/**
 * Reads on creation every configuration that its answers hang on, through `readText` and nowhere
 * else: a change in what was read, or in `paths`, is what makes the scanner resolve all anew.
 */
export type CreateImportResolver = (tree: ProjectTree) => ImportResolver;
