import picomatch from 'picomatch';
import { folderOf, foldersUpwards, joinPath, within } from '../project-path.ts';
import { isTame } from '../tame-pattern.ts';
import type { ProjectTree } from './import-resolver.ts';
import { readJson, toObject, toStrings } from './json-file.ts';

/** A package.json of the project. */
export interface Package {
  folder: string;
  json: Record<string, unknown>;
}

export interface Packages {
  /** The package that a folder belongs to. */
  around(folder: string): Package | undefined;
  /**
   * The package of this project that a name means for a file in `folder`: one that it depends on
   * by path, or a member of a workspace around it. None when two members have that name.
   */
  named(name: string, folder: string): Package | undefined;
}

const DEPENDENCIES = [
  'dependencies',
  'devDependencies',
  'peerDependencies',
  'optionalDependencies',
];

/** Whether a package.json names another package among those that it needs. */
export function dependsOn({ json }: Package, name: string): boolean {
  return DEPENDENCIES.some((field) => toObject(json[field])[name] !== undefined);
}

/** Reads every package.json and the workspaces that npm, yarn, bun, pnpm and lerna make of them. */
export function readPackages(tree: ProjectTree): Packages {
  const byFolder = new Map<string, Package>();
  for (const path of tree.paths) {
    if (!/(?:^|\/)package\.json$/.test(path) || path.includes('node_modules/')) continue;
    const json = readJson(tree, path);
    if (json) byFolder.set(folderOf(path), { folder: folderOf(path), json });
  }
  const workspaces = new Map<string, Map<string, Package | null>>();
  for (const folder of workspaceRoots(tree, byFolder)) {
    const patterns = workspacePatterns(tree, folder, byFolder.get(folder));
    if (patterns.length > 0) workspaces.set(folder, membersOf(folder, patterns, byFolder));
  }

  function dependencyByPath(name: string, { folder, json }: Package): Package | undefined {
    for (const field of DEPENDENCIES) {
      const version = toObject(json[field])[name];
      if (typeof version !== 'string') continue;
      const path = /^(?:file|link|portal|workspace):(\.{1,2}\/.*|\.{1,2})$/.exec(version)?.[1];
      const target = path === undefined ? null : joinPath(folder, path);
      return target === null ? undefined : byFolder.get(target);
    }
    return undefined;
  }

  return {
    around(folder) {
      for (const at of foldersUpwards(folder)) {
        const found = byFolder.get(at);
        if (found) return found;
      }
      return undefined;
    },
    named(name, folder) {
      for (const at of foldersUpwards(folder)) {
        const depending = byFolder.get(at);
        const linked = depending && dependencyByPath(name, depending);
        if (linked) return linked;
        const member = workspaces.get(at)?.get(name);
        if (member !== undefined) return member ?? undefined;
      }
      return undefined;
    },
  };
}

function workspaceRoots(tree: ProjectTree, byFolder: Map<string, Package>): Set<string> {
  const roots = new Set<string>();
  for (const { folder, json } of byFolder.values()) if (json.workspaces) roots.add(folder);
  for (const path of tree.paths) {
    if (/(?:^|\/)(?:pnpm-workspace\.yaml|lerna\.json)$/.test(path)) roots.add(folderOf(path));
  }
  return roots;
}

function workspacePatterns(tree: ProjectTree, folder: string, root: Package | undefined): string[] {
  const { workspaces } = root?.json ?? {};
  const listed = Array.isArray(workspaces) ? workspaces : toObject(workspaces).packages;
  const lerna = joinPath(folder, 'lerna.json');
  const pnpm = joinPath(folder, 'pnpm-workspace.yaml');
  return [
    ...toStrings(listed),
    ...toStrings(lerna && tree.paths.has(lerna) ? readJson(tree, lerna)?.packages : undefined),
    ...pnpmPatterns(pnpm && tree.paths.has(pnpm) ? tree.readText(pnpm) : null),
  ];
}

/** The list under `packages:`, which is all of the YAML that is wanted here. */
function pnpmPatterns(yaml: string | null): string[] {
  const block =
    /^packages:[ \t]*(.*(?:\r?\n(?:[ \t]+.*|-.*|[ \t]*#.*|[ \t]*)$)*)/m.exec(yaml ?? '')?.[1] ?? '';
  const items = block
    .replace(/(^|\s)#.*$/gm, '$1')
    .matchAll(/(?:^[ \t]*-[ \t]*|[[,][ \t]*)(?:'([^']*)'|"([^"]*)"|([^\s'"[\],]+))/gm);
  return Array.from(items, ([, single, double, plain]) => single ?? double ?? plain ?? '');
}

/** Patterns within patterns could be tried in too many ways. */
const PLAIN = { noextglob: true };

/** Members by name; null where a name is not unique. */
function membersOf(
  root: string,
  patterns: string[],
  byFolder: Map<string, Package>,
): Map<string, Package | null> {
  const tame = patterns.filter(isTame);
  const trimmed = tame.map((pattern) => pattern.replace(/^(!?)\.?\//, '$1').replace(/\/$/, ''));
  const isMember = picomatch(
    trimmed.filter((pattern) => !pattern.startsWith('!')),
    PLAIN,
  );
  const isOut = picomatch(
    trimmed.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1)),
    PLAIN,
  );
  const members = new Map<string, Package | null>();
  for (const found of byFolder.values()) {
    const path = within(root, found.folder);
    const { name } = found.json;
    if (!path || typeof name !== 'string' || !isMember(path) || isOut(path)) continue;
    members.set(name, members.has(name) ? null : found);
  }
  return members;
}
