import { posix } from 'node:path';
import type { ProjectTree } from './import-resolver.ts';

/** The folders of a project that stand on Python's search path beside those that a file brings itself. */
export interface PythonRoots {
  /** Those that belong to a folder: its `src`, and what its configuration names. */
  below(folder: string): readonly string[];
  /** Those of the distributions in the project that have a module or package of that name, unless several have it. */
  distributionsWith(head: string): readonly string[];
}

const configurations =
  /(?:^|\/)(?:pyproject\.toml|setup\.cfg|setup\.py|pytest\.ini|tox\.ini|mypy\.ini|pyrightconfig\.json)$/;
const distribution = /(?:^|\/)(?:pyproject\.toml|setup\.cfg|setup\.py)$/;

/** Where projects are kept for the sake of tests and examples, and not to be imported. */
const samples =
  /(?:^|\/)(?:tests?|testing|testdata|fixtures|examples?|samples?|docs?|vendor|third_party)(?:\/|$)/;

/** Settings of build back ends, test runners and type checkers that name folders to search. */
const setting =
  /\b(package[-_]dir|where|from|pythonpath|mypy_path|extraPaths|module-root|python-source|sources|find_packages)["']?(?:\]\s*["']*)?\s*[=:(]\s*(\{[^}]*\}|\[[^\]]*\]|[^\n]*(?:\n[ \t]+[^\n]*)*)/g;

/** @param folders every folder with Python below it */
export function readPythonRoots(tree: ProjectTree, folders: ReadonlySet<string>): PythonRoots {
  const configured = new Map<string, Set<string>>();
  const distributions = new Set<string>();
  for (const path of tree.paths) {
    if (!configurations.test(path)) continue;
    const folder = posix.dirname(path) === '.' ? '' : posix.dirname(path);
    const roots = configured.get(folder) ?? new Set<string>();
    configured.set(folder, roots);
    for (const named of foldersNamedIn(tree.readText(path) ?? '')) {
      const root = posix.join(folder, named);
      if (folders.has(root === '.' ? '' : root)) roots.add(root === '.' ? '' : root);
    }
    if (distribution.test(path) && !samples.test(folder)) distributions.add(folder);
  }

  const below = (folder: string): string[] => {
    const conventional = ['src', 'lib', 'python', 'stdlib', 'typings'].map((name) =>
      posix.join(folder, name),
    );
    return [...(configured.get(folder) ?? []), ...conventional.filter((root) => folders.has(root))];
  };
  const byHead = headsOf(
    [...distributions].flatMap((folder) => [folder, ...below(folder)]),
    tree.paths,
    folders,
  );
  return { below, distributionsWith: (head) => byHead.get(head) ?? [] };
}

function foldersNamedIn(text: string): string[] {
  const named: string[] = [];
  for (const [, , value = ''] of text.matchAll(setting)) {
    for (const [word] of value.matchAll(/[\w./-]+/g)) named.push(word);
  }
  return named;
}

/**
 * Which roots bring a top-level name in. A regular package in two of them is ambiguous; folders
 * without `__init__` are a namespace that distributions share.
 */
function headsOf(
  roots: string[],
  paths: ReadonlySet<string>,
  folders: ReadonlySet<string>,
): Map<string, string[]> {
  const regular = new Map<string, Set<string>>();
  const namespaces = new Map<string, Set<string>>();
  const rootSet = new Set(roots);
  for (const folder of folders) {
    const root = posix.dirname(folder) === '.' ? '' : posix.dirname(folder);
    if (folder === '' || !rootSet.has(root)) continue;
    const isRegular = paths.has(`${folder}/__init__.py`) || paths.has(`${folder}/__init__.pyi`);
    const heads = isRegular ? regular : namespaces;
    const head = posix.basename(folder);
    heads.set(head, (heads.get(head) ?? new Set()).add(root));
  }
  const found = new Map<string, string[]>();
  for (const [head, where] of namespaces) found.set(head, [...where]);
  for (const [head, where] of regular) found.set(head, where.size === 1 ? [...where] : []);
  return found;
}
