import { folderOf, foldersUpwards } from '../project-path.ts';
import type { ProjectTree } from './import-resolver.ts';
import { fileMatcher } from './tsconfig-files.ts';
import {
  type FindPackageFile,
  type TsconfigOptions,
  tsconfigReader,
  withConfigDir,
} from './tsconfig-options.ts';

/** What of a tsconfig matters to imports; every path is the project's. */
export interface Tsconfig {
  path: string;
  folder: string;
  baseUrl: string | undefined;
  /** In the order in which the compiler chooses. */
  paths: PathMapping[];
  rootDirs: string[];
  conditions: string[];
  rootDir: string | undefined;
  outDirs: string[];
}

/** One of the `paths`: what comes before and after its star, and where it leads. */
export interface PathMapping {
  prefix: string;
  /** Null where the pattern has no star. */
  suffix: string | null;
  targets: string[];
}

export interface Tsconfigs {
  /** The nearest configuration that includes the file, or failing that the nearest one. */
  of(file: string): { tsconfig: Tsconfig; isIncluded: boolean } | undefined;
  /** All configurations that lie in a folder. */
  in(folder: string): Tsconfig[];
}

interface Loaded extends Tsconfig {
  includes(file: string): boolean;
  /** Paths of configurations. */
  references: string[];
}

const CONFIG_NAME = /(?:^|\/)[jt]sconfig[^/]*\.json$/;

/** Reads every tsconfig and jsconfig of the project with what they extend and refer to. */
export function readTsconfigs(tree: ProjectTree, findPackageFile: FindPackageFile): Tsconfigs {
  const read = tsconfigReader(tree, findPackageFile);
  const loaded = new Map<string, Loaded>();
  const inFolder = new Map<string, Tsconfig[]>();
  const found = new Map<string, ReturnType<Tsconfigs['of']>>();

  function load(path: string): void {
    if (loaded.has(path)) return;
    const written = read(path);
    if (!written) return;
    const folder = folderOf(path);
    const options = withConfigDir(written, folder);
    const references = options.references.map((reference) => {
      const file = reference === '' ? 'tsconfig.json' : `${reference}/tsconfig.json`;
      return tree.paths.has(reference) ? reference : file;
    });
    const tsconfig = { ...toTsconfig(path, options), references };
    loaded.set(path, tsconfig);
    inFolder.set(folder, [...(inFolder.get(folder) ?? []), tsconfig]);
    for (const reference of references) load(reference);
  }

  for (const path of tree.paths) {
    if (CONFIG_NAME.test(path) && !path.includes('node_modules/')) load(path);
  }

  /** The configuration itself when it includes the file, else the first of its references that does. */
  function including(tsconfig: Loaded, file: string): Tsconfig | undefined {
    if (tsconfig.includes(file)) return tsconfig;
    return tsconfig.references
      .map((reference) => loaded.get(reference))
      .find((referenced) => referenced?.includes(file));
  }

  function find(file: string): ReturnType<Tsconfigs['of']> {
    let nearest: Tsconfig | undefined;
    for (const folder of foldersUpwards(folderOf(file))) {
      for (const name of ['tsconfig.json', 'jsconfig.json']) {
        const tsconfig = loaded.get(folder === '' ? name : `${folder}/${name}`);
        if (!tsconfig) continue;
        const match = including(tsconfig, file);
        if (match) return { tsconfig: match, isIncluded: true };
        nearest ??= tsconfig;
      }
    }
    return nearest && { tsconfig: nearest, isIncluded: false };
  }

  return {
    of(file) {
      if (!found.has(file)) found.set(file, find(file));
      return found.get(file);
    },
    in: (folder) => inFolder.get(folder) ?? [],
  };
}

function toTsconfig(path: string, options: TsconfigOptions): Omit<Loaded, 'references'> {
  const folder = folderOf(path);
  const outDirs = [options.outDir, options.declarationDir].filter((dir) => dir !== undefined);
  const { files, include, exclude } = options;
  const isForJavascript = options.allowJs ?? /(?:^|\/)jsconfig[^/]*\.json$/.test(path);
  const matches = fileMatcher({ folder, outDirs, files, include, exclude });
  return {
    path,
    folder,
    outDirs,
    baseUrl: options.baseUrl,
    paths: toMappings(options.paths ?? {}),
    rootDirs: options.rootDirs ?? [],
    conditions: options.conditions ?? [],
    rootDir: options.rootDir,
    includes: (file) => (isForJavascript || !/\.[mc]?jsx?$/i.test(file)) && matches(file),
  };
}

/** Exact patterns first, then the longest prefix, as the compiler chooses. */
function toMappings(paths: Record<string, string[]>): PathMapping[] {
  return Object.entries(paths)
    .map(([pattern, targets]) => {
      const star = pattern.indexOf('*');
      return star < 0
        ? { prefix: pattern, suffix: null, targets }
        : { prefix: pattern.slice(0, star), suffix: pattern.slice(star + 1), targets };
    })
    .sort((a, b) => rank(b) - rank(a));
}

function rank({ prefix, suffix }: PathMapping): number {
  return suffix === null ? Number.MAX_SAFE_INTEGER : prefix.length;
}
