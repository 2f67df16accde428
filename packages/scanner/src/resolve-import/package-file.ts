import { folderOf, foldersUpwards, joinPath, within } from '../project-path.ts';
import type { BuildEntries } from './build-entries.ts';
import { type Flavour, findModule, findSourceModule, withExtension } from './module-file.ts';
import { mapTargets } from './package-exports.ts';
import type { Package } from './packages.ts';
import type { Tsconfig } from './tsconfig.ts';

export interface PackageContext {
  paths: ReadonlySet<string>;
  flavour: Flavour;
  conditions: Set<string>;
  /** The configurations in a folder, which say where build output comes from. */
  tsconfigsIn(folder: string): Tsconfig[];
  buildEntries: BuildEntries;
}

/**
 * The file of a package that `.` or `./sub` means. Where package.json names build output that is
 * not there, it is the source that this is built from.
 */
export function findPackageFile(
  found: Package,
  subpath: string,
  context: PackageContext,
): string | undefined {
  const { folder, json } = found;
  const { paths, flavour, conditions } = context;
  if (json.exports !== undefined && json.exports !== null) {
    const targets = mapTargets(json.exports, subpath, conditions);
    return findTarget(found, targets, subpath, context);
  }
  if (subpath !== '.') {
    const path = joinPath(folder, subpath);
    if (path === null) return undefined;
    return (
      findModule(paths, path, flavour) ??
      findSource(found, subpath, context) ??
      // Where the build output is what is published, its root is where the source begins.
      findSourceModule(paths, joinPath(folder, `src/${subpath}`) ?? path)
    );
  }
  const fields =
    flavour === 'typescript'
      ? ['types', 'typings', 'main', 'module', 'source']
      : ['main', 'module', 'source', 'types', 'typings'];
  const targets = fields.map((field) => json[field]).filter((value) => typeof value === 'string');
  return findTarget(found, [...targets, './index'], subpath, context);
}

/** The first target that is there or whose source is. */
export function findTarget(
  found: Package,
  targets: string[],
  subpath: string,
  context: PackageContext,
): string | undefined {
  const { paths, flavour } = context;
  for (const target of flavour === 'typescript' ? targets : targets.toSorted(byCodeFirst)) {
    const path = joinPath(found.folder, target);
    const file = path === null ? undefined : findModule(paths, path, flavour);
    const source = file ?? findSource(found, target, context);
    if (source) return source;
  }
  if (subpath !== '.' || targets.length === 0) return undefined;
  // The bundle of a whole package may have any name; its entry has not.
  for (const entry of ['src/index', 'src/main', 'lib/index', 'source/index']) {
    const path = joinPath(found.folder, entry);
    const file = path === null ? undefined : withExtension(paths, path, flavour);
    if (file) return file;
  }
  return undefined;
}

function byCodeFirst(a: string, b: string): number {
  return Number(/\.d\.[mc]?ts$/.test(a)) - Number(/\.d\.[mc]?ts$/.test(b));
}

/** The source of a build output: by the compiler's own folders, the usual layout or the bundler's entries. */
function findSource(found: Package, target: string, context: PackageContext): string | undefined {
  const path = joinPath(found.folder, target);
  if (path === null) return undefined;
  return (
    findCompiledSource(path, context) ??
    findSourceByLayout(found.folder, withoutEnding(path), context) ??
    findEntry(found.folder, withoutEnding(path), context)
  );
}

/** The source of which a tsconfig around it says that it becomes `path`. */
export function findCompiledSource(
  path: string,
  { paths, tsconfigsIn }: PackageContext,
): string | undefined {
  const stem = withoutEnding(path);
  const around = [...foldersUpwards(folderOf(path))].flatMap(tsconfigsIn);
  for (const { outDirs, rootDir, folder } of around) {
    for (const outDir of outDirs) {
      const rest = stem === outDir ? '' : within(outDir, stem);
      if (rest === undefined || outDir === folder) continue;
      for (const root of [rootDir, joinPath(folder, 'src'), folder]) {
        const source = root === undefined || root === null ? null : joinPath(root, rest);
        const file = source === null ? undefined : findSourceModule(paths, source);
        if (file) return file;
      }
    }
  }
  return undefined;
}

function withoutEnding(path: string): string {
  return path.replace(/(?:\.d)?\.[mc]?[jt]sx?$/, '');
}

/** Folders that hold what a build writes. */
const OUTPUT =
  /^(?:dist|build|built|lib|libs|out|output|es|esm|cjs|umd|types|typings|dist-[\w-]+|\.build)$/;

function findEntry(
  folder: string,
  stem: string,
  { buildEntries }: PackageContext,
): string | undefined {
  const [output, ...rest] = (within(folder, stem) ?? '').split('/');
  if (rest.length === 0 || !OUTPUT.test(output ?? '')) return undefined;
  return buildEntries.named(folder, rest.join('/'));
}

function findSourceByLayout(
  folder: string,
  stem: string,
  { paths }: PackageContext,
): string | undefined {
  const parts = (within(folder, stem) ?? '').split('/');
  for (let count = 1; count < parts.length && OUTPUT.test(parts[count - 1] ?? ''); count++) {
    const rest = parts.slice(count).join('/');
    for (const root of ['src', 'source', 'lib', '']) {
      const source = joinPath(folder, root === '' ? rest : `${root}/${rest}`);
      const file = source === null ? undefined : findSourceModule(paths, source);
      if (file) return file;
    }
  }
  return undefined;
}
