import { posix } from 'node:path';
import type { ImportStatement } from '@codepakt/contract';
import type { CreateImportResolver, ImportResolver, ProjectTree } from './import-resolver.ts';
import { type PythonRoots, readPythonRoots } from './python-roots.ts';
import { standardLibrary } from './python-standard-library.ts';

/** Finds modules as Python's own path finder does, in the folders that stand on its search path. */
export const createPythonResolver: CreateImportResolver = (tree) => new PythonResolver(tree);

/** What a dotted name leads to: the file of a module, the folders in which its submodules lie. */
interface Module {
  file: string | null;
  folders: readonly string[];
}

const nothing: Module = { file: null, folders: [] };

class PythonResolver implements ImportResolver {
  readonly #paths: ReadonlySet<string>;
  /** Every folder with Python below it: without an `__init__` it is a namespace package. */
  readonly #folders = new Set<string>();
  readonly #roots: PythonRoots;
  readonly #searchPaths = new Map<string, readonly string[]>();
  readonly #modules = new Map<string, Module>();

  constructor(tree: ProjectTree) {
    this.#paths = tree.paths;
    for (const path of tree.paths) {
      if (/\.pyi?$/.test(path)) this.#addFolders(parentOf(path));
    }
    this.#roots = readPythonRoots(tree, this.#folders);
  }

  resolve(importer: string, { specifier, names }: ImportStatement): string[] {
    const suffixes = importer.endsWith('.pyi') ? ['.pyi', '.py'] : ['.py', '.pyi'];
    const module = specifier.startsWith('.')
      ? this.#findRelative(importer, specifier, suffixes)
      : this.#findAbsolute(importer, specifier, suffixes);
    const found = new Set<string>();
    const imported = names.filter(({ name }) => name !== '*');
    for (const { name } of imported) {
      // What a package is asked for may be one of its modules.
      const submodule = this.#findIn(module.folders, name, suffixes).file;
      const file = submodule ?? module.file;
      if (file) found.add(file);
    }
    if (imported.length === 0 && module.file) found.add(module.file);
    return [...found].sort();
  }

  #findRelative(importer: string, specifier: string, suffixes: string[]): Module {
    const name = specifier.replace(/^\.+/, '');
    let folder: string | null = parentOf(importer);
    for (let level = specifier.length - name.length; level > 1; level--) {
      if (folder === '') return nothing;
      folder = parentOf(folder);
    }
    if (name !== '') return this.#find([folder], name, suffixes);
    return { file: this.#initOf(folder, suffixes), folders: [folder] };
  }

  #findAbsolute(importer: string, name: string, suffixes: string[]): Module {
    const [head = ''] = name.split('.', 1);
    const folder = parentOf(importer);
    const base = this.#baseOf(folder);
    const searchPath = this.#searchPath(base);
    if (standardLibrary.has(head) && !this.#holdsStandardLibrary(searchPath)) {
      // In a folder without `__init__` nobody can tell whether it is on the search path or a
      // namespace package itself, so that only modules beside a package, or in the project's
      // root, take the place of the standard library's.
      return base !== folder || base === '' ? this.#find([base], name, suffixes) : nothing;
    }
    const key = `${suffixes[0]}:${base}:${name}`;
    const known = this.#modules.get(key);
    if (known) return known;
    const distributions = this.#roots.distributionsWith(head);
    const module = this.#find([...searchPath, ...distributions], name, suffixes);
    this.#modules.set(key, module);
    return module;
  }

  /** Where Python begins to search for a file: beside its outermost package. */
  #baseOf(folder: string): string {
    let base = folder;
    while (base !== '' && this.#initOf(base, ['.py', '.pyi'])) base = parentOf(base);
    return base;
  }

  #holdsStandardLibrary(searchPath: readonly string[]): boolean {
    return ['os', 'builtins'].some((name) => this.#find(searchPath, name, ['.py', '.pyi']).file);
  }

  /** From the nearest folder outwards; packages among them are no place to search. */
  #searchPath(base: string): readonly string[] {
    const known = this.#searchPaths.get(base);
    if (known) return known;
    const path = new Set([base]);
    for (let folder: string | null = base; folder !== null; folder = above(folder)) {
      if (!this.#initOf(folder, ['.py', '.pyi'])) path.add(folder);
      for (const root of this.#roots.below(folder)) path.add(root);
    }
    this.#searchPaths.set(base, [...path]);
    return [...path];
  }

  #find(searchPath: readonly string[], name: string, suffixes: string[]): Module {
    let module: Module = { file: null, folders: searchPath };
    for (const part of name.split('.')) module = this.#findIn(module.folders, part, suffixes);
    return module;
  }

  /** A package or module ends the search; folders without `__init__` together are one namespace. */
  #findIn(folders: readonly string[], name: string, suffixes: string[]): Module {
    const portions: string[] = [];
    for (const folder of folders) {
      const path = folder === '' ? name : `${folder}/${name}`;
      const isFolder = this.#folders.has(path);
      const init = isFolder ? this.#initOf(path, suffixes) : null;
      if (init) return { file: init, folders: [path] };
      const file = suffixes.map((suffix) => path + suffix).find((each) => this.#paths.has(each));
      if (file) return { file, folders: [] };
      if (isFolder) portions.push(path);
    }
    return { file: null, folders: portions };
  }

  #initOf(folder: string, suffixes: string[]): string | null {
    const paths = suffixes.map((suffix) => posix.join(folder, `__init__${suffix}`));
    return paths.find((path) => this.#paths.has(path)) ?? null;
  }

  #addFolders(folder: string): void {
    for (let each: string | null = folder; each !== null; each = above(each)) {
      if (this.#folders.has(each)) return;
      this.#folders.add(each);
    }
  }
}

/** The folder of a path; the project's root is ''. */
function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}

function above(folder: string): string | null {
  return folder === '' ? null : parentOf(folder);
}
