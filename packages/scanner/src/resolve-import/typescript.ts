import type { ImportStatement } from '@codepakt/contract';
import { folderOf, joinPath, within } from '../project-path.ts';
import { type BuildEntries, readBuildEntries } from './build-entries.ts';
import type { ImportResolver, ProjectTree } from './import-resolver.ts';
import { type Flavour, findFile, findModule, withExtension } from './module-file.ts';
import { mapTargets } from './package-exports.ts';
import {
  findCompiledSource,
  findPackageFile,
  findTarget,
  type PackageContext,
} from './package-file.ts';
import { dependsOn, type Packages, readPackages } from './packages.ts';
import { readTsconfigs, type Tsconfig, type Tsconfigs } from './tsconfig.ts';

/**
 * Resolves TypeScript's and JavaScript's imports as compilers, bundlers and Node do, without
 * `node_modules`: packages of a workspace are taken from their source. Every candidate is looked
 * up among the project's paths; what lies elsewhere stays unresolved.
 */
export function createTypescriptResolver(tree: ProjectTree): ImportResolver {
  const packages = readPackages(tree);
  const tsconfigs = readTsconfigs(tree, (folder, specifier) => {
    const { name, subpath } = splitSpecifier(specifier);
    const found = packages.named(name, folder);
    const path = found && joinPath(found.folder, subpath);
    if (!path) return undefined;
    return [path, `${path}.json`].find((candidate) => tree.paths.has(candidate));
  });
  const buildEntries = readBuildEntries(tree);
  const project = { paths: tree.paths, packages, tsconfigs, buildEntries };
  const byPlace = new Map<string, Map<string, string[]>>();
  let place: Place | undefined;

  function placeOf(importer: string): Place {
    const { tsconfig, isIncluded = false } = tsconfigs.of(importer) ?? {};
    const ending = importer.slice(importer.lastIndexOf('.'));
    const key = `${folderOf(importer)}\0${ending}\0${tsconfig?.path}\0${isIncluded}`;
    const known = byPlace.get(key) ?? new Map<string, string[]>();
    byPlace.set(key, known);
    return { importer, tsconfig, isIncluded, known };
  }

  return {
    resolve(importer, imported) {
      // Imports come file by file.
      if (place?.importer !== importer) place = placeOf(importer);
      const key = imported.kind + imported.specifier;
      let resolved = place.known.get(key);
      if (!resolved) {
        const { tsconfig, isIncluded } = place;
        const file = resolveFile(project, { importer, imported, tsconfig, isIncluded });
        resolved = file === undefined ? [] : [file];
        place.known.set(key, resolved);
      }
      return resolved;
    },
  };
}

/** Where an importer stands, and what imports from such a place were resolved to. */
interface Place {
  importer: string;
  tsconfig: Tsconfig | undefined;
  isIncluded: boolean;
  known: Map<string, string[]>;
}

interface Project {
  paths: ReadonlySet<string>;
  packages: Packages;
  tsconfigs: Tsconfigs;
  buildEntries: BuildEntries;
}

interface Question {
  importer: string;
  imported: ImportStatement;
  tsconfig: Tsconfig | undefined;
  /** Whether the tsconfig includes the importer, or is only the nearest one. */
  isIncluded: boolean;
}

function resolveFile(project: Project, question: Question): string | undefined {
  const specifier = bare(question.imported.specifier);
  const flavour = flavourOf(question);
  if (/^\.{1,2}(?:\/|$)/.test(specifier)) {
    return findRelative(project, question, specifier, flavour);
  }
  if (specifier === '' || specifier.startsWith('/') || /^[a-z]+:/i.test(specifier))
    return undefined;
  const mapped = () => findMapped(project, question.tsconfig, specifier, flavour);
  const packaged = () =>
    specifier.startsWith('#')
      ? findInternal(project, question, specifier)
      : findPackaged(project, question, specifier);
  // Node knows nothing of a tsconfig, and one that leaves the file out need not be meant.
  const isNodes = flavour === 'javascript' && !question.isIncluded;
  if (!isNodes) return mapped() ?? packaged();
  return packaged() ?? (isInstalled(project, question, specifier) ? undefined : mapped());
}

/** Whether the package around the file has the one of that name from a registry. */
function isInstalled(project: Project, question: Question, specifier: string): boolean {
  const own = project.packages.around(folderOf(question.importer));
  return own !== undefined && dependsOn(own, splitSpecifier(specifier).name);
}

/** A package by its name: the one around the file, or one of its workspace. */
function findPackaged(project: Project, question: Question, specifier: string): string | undefined {
  const { name, subpath } = splitSpecifier(specifier);
  const folder = folderOf(question.importer);
  const own = project.packages.around(folder);
  const isOwn = own?.json.name === name && own.json.exports !== undefined;
  const found = isOwn ? own : project.packages.named(name, folder);
  return found && findPackageFile(found, subpath, contextOf(project, question));
}

/** Without what a bundler reads besides the path: `./icon.svg?raw`, `raw-loader!./text.md`. */
function bare(specifier: string): string {
  const path = specifier.slice(specifier.lastIndexOf('!') + 1);
  const query = path.indexOf('?');
  return query < 0 ? path : path.slice(0, query);
}

/** A type is looked up as the compiler does even where a JavaScript file's JSDoc names it. */
function flavourOf({ importer, imported }: Question): Flavour {
  return imported.kind !== 'type' && /\.[mc]?jsx?$/i.test(importer) ? 'javascript' : 'typescript';
}

/** `@scope/name/sub` is the package `@scope/name` and `./sub` in it. */
function splitSpecifier(specifier: string): { name: string; subpath: string } {
  const parts = specifier.split('/');
  const count = specifier.startsWith('@') ? 2 : 1;
  const rest = parts.slice(count).join('/');
  return { name: parts.slice(0, count).join('/'), subpath: rest === '' ? '.' : `./${rest}` };
}

function findRelative(
  project: Project,
  question: Question,
  specifier: string,
  flavour: Flavour,
): string | undefined {
  const { importer, tsconfig } = question;
  const path = joinPath(folderOf(importer), specifier);
  if (path === null) return undefined;
  // `./x/` and `..` are folders even where a file of that name is.
  const isFolder = /(?:^|\/)\.{0,2}$/.test(specifier);
  return (
    (isFolder ? findFolder(project, path, flavour) : findPath(project, path, flavour)) ??
    findInRootDirs(project.paths, tsconfig, path, flavour) ??
    findCompiledSource(path, contextOf(project, question))
  );
}

function findPath(project: Project, path: string, flavour: Flavour): string | undefined {
  return findFile(project.paths, path, flavour) ?? findFolder(project, path, flavour);
}

/** A folder is its package.json's main file, else its index. */
function findFolder(project: Project, folder: string, flavour: Flavour): string | undefined {
  const { paths, packages, tsconfigs, buildEntries } = project;
  const found = packages.around(folder);
  if (found?.folder === folder) {
    const { exports: _, ...json } = found.json;
    const conditions = new Set<string>();
    const context = { paths, flavour, conditions, tsconfigsIn: tsconfigs.in, buildEntries };
    const file = findPackageFile({ folder, json }, '.', context);
    if (file !== undefined) return file;
  }
  return withExtension(paths, folder === '' ? 'index' : `${folder}/index`, flavour);
}

/** `rootDirs` are folders that are one when the program runs. */
function findInRootDirs(
  paths: ReadonlySet<string>,
  tsconfig: Tsconfig | undefined,
  path: string,
  flavour: Flavour,
): string | undefined {
  const { rootDirs = [] } = tsconfig ?? {};
  const inner = rootDirs
    .filter((root) => within(root, path) !== undefined)
    .sort((a, b) => b.length - a.length)[0];
  if (inner === undefined) return undefined;
  const rest = within(inner, path) ?? '';
  for (const root of rootDirs) {
    const file = findModule(paths, joinPath(root, rest) ?? rest, flavour);
    if (file !== undefined) return file;
  }
  return undefined;
}

/** By `paths` and `baseUrl` of the tsconfig. */
function findMapped(
  project: Project,
  tsconfig: Tsconfig | undefined,
  specifier: string,
  flavour: Flavour,
): string | undefined {
  if (!tsconfig) return undefined;
  for (const { prefix, suffix, targets } of tsconfig.paths) {
    const isMatch =
      suffix === null
        ? specifier === prefix
        : specifier.length >= prefix.length + suffix.length &&
          specifier.startsWith(prefix) &&
          specifier.endsWith(suffix);
    if (!isMatch) continue;
    const star =
      suffix === null ? '' : specifier.slice(prefix.length, specifier.length - suffix.length);
    for (const target of targets) {
      const path = joinPath('', target.replace('*', star));
      const file = path === null ? undefined : findPath(project, path, flavour);
      if (file !== undefined) return file;
    }
    break; // Only the best pattern counts.
  }
  if (tsconfig.baseUrl === undefined) return undefined;
  const path = joinPath(tsconfig.baseUrl, specifier);
  return path === null ? undefined : findPath(project, path, flavour);
}

/** `#name` by the `imports` of the package around the file; it may lead to another package. */
function findInternal(project: Project, question: Question, specifier: string): string | undefined {
  const found = project.packages.around(folderOf(question.importer));
  if (!found) return undefined;
  const context = contextOf(project, question);
  const targets = mapTargets(found.json.imports, specifier, context.conditions);
  const own = targets.filter((target) => target.startsWith('.'));
  const file = findTarget(found, own, specifier, context);
  if (file !== undefined) return file;
  const others = targets.filter((target) => /^[^.#]/.test(target));
  return others
    .map((other) => ({ ...question.imported, specifier: other }))
    .map((imported) => resolveFile(project, { ...question, imported }))
    .find((other) => other !== undefined);
}

function contextOf(project: Project, question: Question): PackageContext {
  const { imported, tsconfig } = question;
  const flavour = flavourOf(question);
  const conditions = new Set([
    ...(tsconfig?.conditions ?? []),
    ...(flavour === 'typescript' ? ['types'] : []),
    imported.kind === 'require' ? 'require' : 'import',
    'node',
  ]);
  const { paths, tsconfigs, buildEntries } = project;
  return { paths, flavour, conditions, tsconfigsIn: tsconfigs.in, buildEntries };
}
