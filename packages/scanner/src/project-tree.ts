import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { languageOf, languages } from './languages.ts';
import type {
  CreateImportResolver,
  ImportResolver,
  ProjectTree,
} from './resolve-import/import-resolver.ts';
import { type Layout, RESOLVERS_VERSION } from './scan-note.ts';

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
  layout: Layout;
  /** Whether that is the layout of the last scan, so that imports that it resolved lead where they did. */
  isKnown: boolean;
}

/**
 * The resolvers of all languages. Where the layout is the known one, each is made only when one of
 * its imports is to be resolved.
 */
export function createResolvers(source: TreeSource, known: Layout | undefined): Resolvers {
  const tree = readOnce(source);
  const paths = hashPaths(tree);
  const resolvers = new Map<CreateImportResolver, ImportResolver>();
  const resolverOf = (create: CreateImportResolver, from: ProjectTree): ImportResolver => {
    const resolver = resolvers.get(create) ?? create(from);
    resolvers.set(create, resolver);
    return resolver;
  };
  let layout = isLayoutOf(tree, paths, known) ? known : undefined;
  const isKnown = layout !== undefined;
  if (layout === undefined) {
    const recorder = recordReads(tree);
    for (const { createResolver } of languages) resolverOf(createResolver, recorder.tree);
    layout = { version: RESOLVERS_VERSION, paths, ...recorder.reads() };
  }
  return {
    layout,
    isKnown,
    resolve(importer, imported) {
      const language = languageOf(importer);
      if (language === undefined) return [];
      const resolved = resolverOf(language.createResolver, tree).resolve(importer, imported);
      return tree.links.size === 0 ? resolved : throughLinks(resolved, tree.links);
    },
  };
}

/** The tree with the texts kept: to see whether they are the known ones they are read, and then again to resolve. */
function readOnce(tree: TreeSource): TreeSource {
  const texts = new Map<string, string | null>();
  return {
    ...tree,
    readText(path) {
      const known = texts.get(path);
      if (known !== undefined) return known;
      const text = tree.readText(path);
      texts.set(path, text);
      return text;
    },
  };
}

/** A hash of all paths, and of where links lead. */
export function hashPaths({ paths, links }: TreeSource): string {
  const sorted = [...paths].sort();
  const lines =
    links.size === 0 ? sorted : sorted.map((path) => `${path}\0${links.get(path) ?? ''}`);
  return hash(lines.join('\n'));
}

/** Whether the resolvers would read the same again: they read what follows from paths and texts. */
function isLayoutOf(tree: TreeSource, paths: string, known: Layout | undefined): known is Layout {
  if (known?.version !== RESOLVERS_VERSION || known.paths !== paths) return false;
  return hash(known.read.map((path) => `${tree.readText(path)}`).join('\0')) === known.texts;
}

/** The tree, noting what is read of it. */
function recordReads(tree: ProjectTree) {
  const texts = new Map<string, string | null>();
  const recording: ProjectTree = {
    paths: tree.paths,
    readText(path) {
      const text = tree.readText(path);
      texts.set(path, text);
      return text;
    },
  };
  return {
    tree: recording,
    reads: () => ({
      read: [...texts.keys()],
      texts: hash([...texts.values()].map((text) => `${text}`).join('\0')),
    }),
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

function throughLinks(resolved: string[], links: ReadonlyMap<string, string>): string[] {
  if (!resolved.some((path) => links.has(path))) return resolved;
  return [...new Set(resolved.map((path) => links.get(path) ?? path))].sort();
}
