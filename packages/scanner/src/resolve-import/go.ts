import { folderOf, foldersUpwards, joinPath, within } from '../project-path.ts';
import { type GoModules, prefixesOf, readGoModules } from './go-modules.ts';
import type { ImportResolver, ProjectTree } from './import-resolver.ts';

/**
 * Finds the folders of Go packages: in the importer's module and those that its `go.mod` replaces,
 * in the other modules of the project, in `vendor`, and in the `src` of a GOPATH. Which files an
 * import of the folder brings in is told by `package` of their records.
 */
export function createGoResolver(tree: ProjectTree): ImportResolver {
  const modules = readGoModules(tree);
  const packages = new Set<string>();
  for (const path of tree.paths) {
    if (/(?:^|\/)[^_./][^/]*(?<!_test)\.go$/.test(path)) packages.add(folderOf(path));
  }
  const known = new Map<string, string[]>();
  return {
    resolve(importer, { specifier }) {
      const from = folderOf(importer);
      const key = `${from}\0${specifier}`;
      const cached = known.get(key);
      if (cached) return cached;
      const folder = findPackage({ modules, packages }, from, specifier);
      const resolved = folder === undefined ? [] : [`${folder || '.'}/`];
      known.set(key, resolved);
      return resolved;
    },
  };
}

interface Project {
  modules: GoModules;
  /** Every folder with a file that is no test. */
  packages: ReadonlySet<string>;
}

function findPackage(project: Project, from: string, specifier: string): string | undefined {
  const candidates = specifier.startsWith('.')
    ? [joinPath(from, specifier)]
    : [
        ...inModules(project.modules, from, specifier),
        ...vendored(project.modules, from, specifier),
      ];
  return candidates.find((folder): folder is string => {
    return folder !== null && project.packages.has(folder);
  });
}

/** In the order in which the importer's module sees them; a path that several modules claim is nobody's. */
function* inModules(modules: GoModules, from: string, specifier: string): Generator<string | null> {
  const own = modules.of(from);
  for (const prefix of prefixesOf(specifier)) {
    const rest = specifier.slice(prefix.length + 1);
    const replaced = own?.replaced.get(prefix);
    if (replaced !== undefined) yield joinPath(replaced, rest);
    const holders = modules.holding(prefix).filter((module) => module.path === prefix);
    const module = holders.find((each) => each === own) ?? visibleFrom(from, holders);
    const folder = module && joinPath(module.folder, rest);
    // What lies below another go.mod is of that module, and has that module's path.
    if (folder !== undefined && folder !== null && modules.of(folder) === module) yield folder;
  }
  // The standard library's own module has no path before its packages.
  if (own?.path === 'std') yield joinPath(own.folder, specifier);
}

/** Modules in a `testdata` folder are there for those beside them only. */
function visibleFrom<T extends { folder: string }>(from: string, modules: T[]): T | undefined {
  const visible = modules.filter(({ folder }) => {
    const [, sealed] = /^((?:.*\/)?(?:testdata|vendor))(?:\/|$)/.exec(folder) ?? [];
    return sealed === undefined || from === sealed || within(sealed, from) !== undefined;
  });
  return visible.length === 1 ? visible[0] : undefined;
}

/** `vendor` beside the importer's `go.mod`; before there were modules in any folder around, or in the `src` of a GOPATH. */
function* vendored(modules: GoModules, from: string, specifier: string): Generator<string | null> {
  const own = modules.of(from);
  if (own) {
    yield joinPath(own.folder, `vendor/${specifier}`);
    return;
  }
  for (const folder of foldersUpwards(from)) yield joinPath(folder, `vendor/${specifier}`);
  for (const folder of foldersUpwards(from)) {
    if (/(?:^|\/)src$/.test(folder)) yield joinPath(folder, specifier);
  }
}
