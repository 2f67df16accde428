import { folderOf, joinPath } from '../project-path.ts';
import type { ProjectTree } from './import-resolver.ts';
import { isObject, readJson, toObject, toStrings } from './json-file.ts';

/** A tsconfig with what it extends merged in; every path and pattern is the project's. */
export interface TsconfigOptions {
  baseUrl?: string;
  paths?: Record<string, string[]>;
  rootDirs?: string[];
  rootDir?: string;
  outDir?: string;
  declarationDir?: string;
  conditions?: string[];
  allowJs?: boolean;
  include?: string[];
  exclude?: string[];
  files?: string[];
  references: string[];
}

/** Finds the file that `extends` names by a package: `@tsconfig/node24/tsconfig.json`. */
export type FindPackageFile = (folder: string, specifier: string) => string | undefined;

/** Reads configurations of a project, each once. */
export function tsconfigReader(
  tree: ProjectTree,
  findPackageFile: FindPackageFile,
): (path: string) => TsconfigOptions | undefined {
  const known = new Map<string, TsconfigOptions | undefined>();

  function read(path: string): TsconfigOptions | undefined {
    if (known.has(path)) return known.get(path);
    known.set(path, undefined); // a configuration that extends itself ends here
    const json = readJson(tree, path);
    if (!json) return undefined;
    const folder = folderOf(path);
    const bases = toStrings(json.extends).map((name) => {
      const base = findBase(folder, name);
      return base === undefined ? undefined : read(base);
    });
    // References are not inherited.
    const references = toArray(json.references).flatMap((reference) =>
      isObject(reference) ? inside(folder, reference.path) : [],
    );
    const options = { ...Object.assign({}, ...bases, ownOptions(folder, json)), references };
    known.set(path, options);
    return options;
  }

  function findBase(folder: string, name: string): string | undefined {
    if (!name.startsWith('.')) {
      return findPackageFile(folder, name) ?? findPackageFile(folder, `${name}/tsconfig.json`);
    }
    const path = joinPath(folder, name);
    if (path === null) return undefined;
    return [path, `${path}.json`, joinPath(path, 'tsconfig.json') ?? path].find((base) =>
      tree.paths.has(base),
    );
  }

  return read;
}

const CONFIG_DIR = '\u0024{configDir}';

/** The options with `${configDir}` filled in, which a base leaves to whoever extends it. */
export function withConfigDir(options: TsconfigOptions, folder: string): TsconfigOptions {
  const written = JSON.stringify(options);
  if (!written.includes(CONFIG_DIR)) return options;
  return JSON.parse(written, (_key, value) =>
    typeof value === 'string' && value.startsWith(CONFIG_DIR)
      ? (joinPath(folder, `.${value.slice(CONFIG_DIR.length)}`) ?? value)
      : value,
  );
}

function ownOptions(folder: string, json: Record<string, unknown>): object {
  const options = toObject(json.compilerOptions);
  const [baseUrl] = inside(folder, options.baseUrl);
  const own = {
    baseUrl,
    // `paths` are seen from `baseUrl`, or else from the file that they are written in.
    paths: pathLists(baseUrl ?? folder, options.paths),
    rootDirs: list(folder, options.rootDirs),
    rootDir: inside(folder, options.rootDir)[0],
    outDir: inside(folder, options.outDir)[0],
    declarationDir: inside(folder, options.declarationDir)[0],
    conditions: options.customConditions && toStrings(options.customConditions),
    // What is checked is allowed, unless that is said otherwise.
    allowJs: options.allowJs ?? options.checkJs,
    include: list(folder, json.include),
    exclude: list(folder, json.exclude),
    files: list(folder, json.files),
  };
  return Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
}

function pathLists(folder: string, paths: unknown): Record<string, string[]> | undefined {
  if (!isObject(paths)) return undefined;
  const entries = Object.entries(paths).map(([pattern, targets]) => [
    pattern,
    toStrings(targets).flatMap((target) => inside(folder, target)),
  ]);
  return Object.fromEntries(entries);
}

function list(folder: string, value: unknown): string[] | undefined {
  return value === undefined ? undefined : toStrings(value).flatMap((path) => inside(folder, path));
}

/** A path of a configuration as the project's; none when it lies outside. */
function inside(folder: string, value: unknown): string[] {
  if (typeof value !== 'string') return [];
  if (value.startsWith(CONFIG_DIR)) return [value];
  const path = joinPath(folder, value);
  return path === null ? [] : [path];
}

function toArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
