import { lstatSync, readFileSync } from 'node:fs';
import type { Connection } from './connection.ts';
import { pathInside } from './path-inside.ts';

/**
 * Answers of a file whether something other than an import starts or reads it: a tool that looks for
 * its name, a package.json or pyproject.toml that names it, Go's toolchain.
 */
export function startedFiles(connection: Connection, root: string): (path: string) => boolean {
  const programs = goPrograms(connection);
  const packages = new Map<string, PackageNames | null>();
  const isNamed = (path: string) =>
    foldersAbove(path).some((folder) => {
      const known = packages.get(folder);
      const names = known === undefined ? readPackage(root, folder) : known;
      packages.set(folder, names);
      return names !== null && isNamedIn(names, path.slice(folder.length));
    });
  return (path) => BY_NAME.test(path) || programs.has(folderOf(path)) || isNamed(path);
}

/**
 * Declarations that the compiler finds by itself, settings of tools, what Python and frameworks of
 * pages look for.
 */
const BY_NAME = new RegExp(
  [
    String.raw`\.d\.(?:[^/]+\.)?[cm]?ts$`,
    String.raw`(?:^|/)(?:[^/]+\.(?:config|setup|workspace)|\.[^/]+rc|\.eleventy|(?:Grunt|Gulp|Jake|Make)file)\.[cm]?[jt]sx?$`,
    String.raw`(?:^|/)(?:__init__|__main__|setup|conf|manage|wsgi|asgi|noxfile|settings|urls|admin|apps)\.pyi?$`,
    String.raw`(?:^|/)(?:migrations|management/commands)/[^/]+\.py$`,
    String.raw`(?:^|/)(?:app|routes)/(?:.*/)?(?:page|layout|route|template|loading|error|global-error|not-found|default|sitemap|robots|manifest|opengraph-image|icon)\.[jt]sx?$`,
    String.raw`(?:^|/)(?:app|routes)/(?:.*/)?\+[\w.]+\.[jt]s$`,
    String.raw`(?:^|/)pages/.*\.[jt]sx?$`,
  ].join('|'),
);

/** The folders of Go whose files make a program: one of them has its main function. */
function goPrograms(connection: Connection): Set<string> {
  const rows = connection.all<{ path: string }>(
    `SELECT p.path FROM symbols s JOIN files f ON f.id = s.id >> 21 JOIN paths p ON p.id = f.id
     WHERE s.name = 'main' COLLATE NOCASE AND s.name = 'main' AND s.kind = 'function'
       AND f.language = 'go'`,
  );
  return new Set(rows.map(({ path }) => folderOf(path)));
}

/** What a package's own files name, without endings and the folders of sources and builds. */
interface PackageNames {
  files: Set<string>;
  /** With a star in them. */
  patterns: RegExp[];
  scripts: string;
}

/** More than this is none that a person wrote. */
const MOST_BYTES = 1024 * 1024;

function readPackage(root: string, folder: string): PackageNames | null {
  const npm = fieldsOf(readText(root, `${folder}package.json`));
  const named = [
    ...NAMING.flatMap((field) => stringsIn(npm.get(field))),
    ...pythonModules(readText(root, `${folder}pyproject.toml`)),
  ].map(bareName);
  const scripts = stringsIn(npm.get('scripts')).join('\n');
  if (named.length === 0 && scripts === '') return null;
  return {
    files: new Set(named),
    // More stars than one, which no package has, could be matched in too many ways.
    patterns: named.filter((name) => name.split('*').length === 2).map(toPattern),
    scripts,
  };
}

/** A plain file of a sensible size: a cloned repository may hold a pipe there, or a link to anywhere. */
function readText(root: string, path: string): string {
  const file = pathInside(root, path);
  try {
    const stats = file === undefined ? undefined : lstatSync(file, { throwIfNoEntry: false });
    const isPlain = stats?.isFile() === true && stats.size <= MOST_BYTES;
    return file !== undefined && isPlain ? readFileSync(file, 'utf8') : '';
  } catch {
    // What may not be read names nothing.
    return '';
  }
}

function fieldsOf(json: string): Map<string, unknown> {
  try {
    return new Map(Object.entries((JSON.parse(json || '{}') as object | null) ?? {}));
  } catch {
    // What npm cannot read names nothing either.
    return new Map();
  }
}

/** `acme = "acme.cli:main"` starts `acme/cli`. */
function pythonModules(toml: string): string[] {
  const named = toml.matchAll(/=\s*(["'])([\w.]+):[\w.]+\1/g);
  return Array.from(named, ([, , module = '']) => module.replaceAll('.', '/'));
}

const NAMING = ['main', 'module', 'browser', 'types', 'typings', 'bin', 'exports', 'imports'];

/** All strings in a value of JSON. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

function toPattern(name: string): RegExp {
  const parts = name.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`);
}

function isNamedIn({ files, patterns, scripts }: PackageNames, path: string): boolean {
  const bare = bareName(path);
  return (
    files.has(bare) || patterns.some((pattern) => pattern.test(bare)) || scripts.includes(path)
  );
}

/** `./dist/esm/cli/index.js` and `src/cli/index.ts` are both `cli`. */
function bareName(path: string): string {
  const name = path
    .replace(/^\.\//, '')
    .replace(/(?:(?:\.d)?\.[cm]?[jt]sx?|\.py)$/, '')
    .replace(/^(?:(?:src|source|lib|dist|build|out|output|es|esm|cjs|umd|types)\/)+/, '');
  return name.replace(/\/index$/, '');
}

/** From the project's root down to the file's own, each with a slash at its end but the root. */
function foldersAbove(path: string): string[] {
  const folders = [''];
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
    folders.push(path.slice(0, at + 1));
  }
  return folders;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1);
}
