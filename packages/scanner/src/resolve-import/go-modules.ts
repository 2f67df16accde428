import { folderOf, foldersUpwards, joinPath } from '../project-path.ts';
import type { ProjectTree } from './import-resolver.ts';

export interface GoModule {
  folder: string;
  /** The import path of its folder. */
  path: string;
  /** Import paths that its `replace` directives lead to folders of the project. */
  replaced: ReadonlyMap<string, string>;
}

export interface GoModules {
  /** The module that a folder belongs to: that of the nearest `go.mod`. */
  of(folder: string): GoModule | undefined;
  /** Those whose path an import begins with, longest first. */
  holding(specifier: string): GoModule[];
}

/** Reads every `go.mod` of a project, and the replacements of `go.work`, which hold for all it names. */
export function readGoModules(tree: ProjectTree): GoModules {
  const modules = new Map<string, GoModule>();
  const work = new Map<string, ReadonlyMap<string, string>>();
  for (const path of tree.paths) {
    const folder = folderOf(path);
    if (path.endsWith('/go.work') || path === 'go.work') {
      work.set(folder, replacementsIn(tree.readText(path) ?? '', folder));
    } else if (path.endsWith('/go.mod') || path === 'go.mod') {
      const text = withoutComments(tree.readText(path) ?? '');
      const [, name] = /^\s*module\s*\(?\s*["`]?([^\s"`()]+)/m.exec(text) ?? [];
      if (name) modules.set(folder, { folder, path: name, replaced: replacementsIn(text, folder) });
    }
  }
  for (const module of modules.values()) {
    for (const folder of foldersUpwards(module.folder)) {
      const more = work.get(folder);
      if (!more) continue;
      modules.set(module.folder, { ...module, replaced: new Map([...module.replaced, ...more]) });
      break;
    }
  }

  const byPath = Map.groupBy(modules.values(), (module) => module.path);
  return {
    of(folder) {
      for (const each of foldersUpwards(folder)) {
        const module = modules.get(each);
        if (module) return module;
      }
      return undefined;
    },
    holding: (specifier) => prefixesOf(specifier).flatMap((prefix) => byPath.get(prefix) ?? []),
  };
}

/** `a/b/c`, `a/b`, `a`. */
export function prefixesOf(specifier: string): string[] {
  const prefixes = [specifier];
  for (let end = specifier.lastIndexOf('/'); end > 0; end = specifier.lastIndexOf('/', end - 1)) {
    prefixes.push(specifier.slice(0, end));
  }
  return prefixes;
}

/** Those to a folder of the project: `replace example.com/a v1.2.3 => ../a`, alone or in a list. */
function replacementsIn(text: string, folder: string): Map<string, string> {
  const replaced = new Map<string, string>();
  const directive =
    /^\s*(?:replace\s+)?["`]?([^\s"`()]+)["`]?(?:\s+v\S+)?\s*=>\s*["`]?(\.\.?(?:\/[^\s"`]*)?)["`]?\s*$/gm;
  for (const [, path = '', target = ''] of withoutComments(text).matchAll(directive)) {
    const to = joinPath(folder, target);
    if (to !== null) replaced.set(path, to);
  }
  return replaced;
}

function withoutComments(text: string): string {
  return text.replace(/\r/g, '').replace(/\/\/.*$/gm, '');
}
