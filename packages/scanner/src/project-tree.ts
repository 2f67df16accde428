import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { languageOf, languages } from './languages.ts';
import type {
  CreateImportResolver,
  ImportResolver,
  ProjectTree,
} from './resolve-import/import-resolver.ts';

/** What a scan knows of a project as a whole, from the work tree or from git's index. */
export interface TreeSource extends ProjectTree {
  /** Where symbolic links lead. */
  links: ReadonlyMap<string, string>;
}

/** The project's files as they lie on disk. */
export function workTree(
  root: string,
  { paths, links }: { paths: ReadonlySet<string>; links: ReadonlyMap<string, string> },
): TreeSource {
  return {
    paths,
    links,
    readText(path) {
      if (!paths.has(path)) return null;
      try {
        return readFileSync(join(root, path), 'utf8');
      } catch {
        // Gone or unreadable: as if it were not there.
        return null;
      }
    },
  };
}

export interface Resolvers {
  resolve: ImportResolver['resolve'];
  /** Changes whenever imports of files that did not change themselves may lead elsewhere. */
  layout: string;
}

/** Raised with every change in where a resolver leads, so that all imports are resolved anew. */
const RESOLVERS_VERSION = '1';

/** Makes the resolvers of all languages and sums up what their answers hang on. */
export function createResolvers(tree: TreeSource): Resolvers {
  const layout = createHash('sha256').update(RESOLVERS_VERSION);
  for (const path of [...tree.paths].sort()) {
    layout.update(`${path}\0${tree.links.get(path) ?? ''}\0`);
  }
  const recording: ProjectTree = {
    paths: tree.paths,
    readText(path) {
      const text = tree.readText(path);
      layout.update(`${path}\0${text}\0`);
      return text;
    },
  };
  const resolvers = new Map<CreateImportResolver, ImportResolver>();
  for (const { createResolver } of languages) {
    if (!resolvers.has(createResolver)) resolvers.set(createResolver, createResolver(recording));
  }
  return {
    layout: layout.digest('base64url'),
    resolve(importer, imported) {
      const language = languageOf(importer);
      const resolver = language && resolvers.get(language.createResolver);
      const resolved = resolver?.resolve(importer, imported) ?? [];
      return tree.links.size === 0 ? resolved : throughLinks(resolved, tree.links);
    },
  };
}

function throughLinks(resolved: string[], links: ReadonlyMap<string, string>): string[] {
  if (!resolved.some((path) => links.has(path))) return resolved;
  return [...new Set(resolved.map((path) => links.get(path) ?? path))].sort();
}
