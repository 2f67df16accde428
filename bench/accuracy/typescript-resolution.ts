import { existsSync, globSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import ts from 'typescript-5';
import type { WrittenImport } from './typescript-imports.ts';

/** Answers where an import leads by the compiler's own resolution, as if workspaces were linked. */
export type Resolve = (importer: string, written: WrittenImport) => string[] | null;

/**
 * The compiler looks at the disk, with the packages of workspaces seen through `node_modules` as
 * an installation would link them. Null where only a build could tell.
 */
export function compilerResolution(root: string, listed: string[]): Resolve {
  const isListed = new Set(listed);
  const links = workspaceLinks(root, listed);
  const outputs = buildOutputs(root, listed);
  const host = linkedHost(root, links, outputs);
  const configs = new Map<string, Config | null>();
  const cache = new Map<string, string[] | null>();

  return (importer, written) => {
    const config = configOf(root, importer, configs);
    const key = [
      dirname(importer),
      importer.slice(importer.lastIndexOf('.')),
      written.specifier,
      written.kind,
      config?.path,
    ].join('\0');
    const known = cache.get(key);
    if (known !== undefined) return known;
    const resolved = resolve(importer, written, config);
    cache.set(key, resolved);
    return resolved;
  };

  function resolve(
    importer: string,
    written: WrittenImport,
    config: Config | null,
  ): string[] | null {
    const specifier = written.specifier.replace(/^.*!/, '').replace(/\?.*$/, '');
    const isJavascript = /\.[mc]?jsx?$/.test(importer);
    const file = join(root, importer);
    const own = config?.options ?? {};
    const node = {
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
    };
    const tried = [
      ...(isJavascript && written.kind !== 'type' ? [{ ...own, ...node }] : []),
      own,
      { ...own, moduleResolution: ts.ModuleResolutionKind.Bundler, module: ts.ModuleKind.ESNext },
    ];
    for (const options of tried) {
      const { resolvedModule } = ts.resolveModuleName(
        specifier,
        file,
        {
          ...options,
          allowJs: true,
          resolveJsonModule: true,
          noDtsResolution: isJavascript && written.kind !== 'type',
          preserveSymlinks: false,
        },
        host,
        undefined,
        undefined,
        written.kind === 'require' ? ts.ModuleKind.CommonJS : ts.ModuleKind.ESNext,
      );
      const output = resolvedModule?.resolvedFileName;
      const path = output === undefined ? undefined : sourceOf(output);
      // Where both are there, the compiler takes the source, and Node what it was compiled to.
      const compiled = path?.replace(/\.tsx?$/, '.js');
      const meant =
        isJavascript &&
        written.kind !== 'type' &&
        !/\.tsx?$/.test(specifier) &&
        compiled &&
        isListed.has(compiled)
          ? compiled
          : path;
      if (meant) return isListed.has(meant) ? [meant] : [];
    }
    if (/^\.{1,2}(?:\/|$)/.test(specifier)) {
      const path = inProject(join(dirname(file), specifier));
      if (path === undefined) return [];
      // Node's `require` and bundlers fill in `.json`, the compiler does not.
      const there = [path, ...(isJavascript ? [`${path}.json`] : [])].find(
        (one) => isListed.has(one) && statSync(join(root, one)).isFile(),
      );
      return there ? [there] : isOutput(path) || isPackage(path) ? null : [];
    }
    // Through `paths` the compiler finds code only, and no style sheets or pictures.
    if (/\.[a-z0-9]+$/i.test(specifier) && !/\.[mc]?[jt]sx?$/.test(specifier)) return null;
    const name = specifier
      .split('/')
      .slice(0, specifier.startsWith('@') ? 2 : 1)
      .join('/');
    return links.has(name) || specifier.startsWith('#') || isOwnName(file, name) ? null : [];
  }

  /** What a build wrote is its source, unless it is kept in the project. */
  function sourceOf(output: string): string | undefined {
    const path = inProject(output);
    const source = outputs.get(output);
    return source === undefined || (path && isListed.has(path)) ? path : inProject(source);
  }

  /** Whether a folder has a package.json, whose main file is not there or the compiler had found it. */
  function isPackage(folder: string): boolean {
    const { main, exports } = readManifest(join(root, folder, 'package.json'));
    return main !== undefined || exports !== undefined;
  }

  /** Whether the package around a file has that name, and files for it that are still to be built. */
  function isOwnName(file: string, name: string): boolean {
    for (let folder = dirname(file); folder.startsWith(root); folder = dirname(folder)) {
      if (!existsSync(join(folder, 'package.json'))) continue;
      const manifest = readManifest(join(folder, 'package.json'));
      return manifest.name === name && manifest.exports !== undefined;
    }
    return false;
  }

  /** Whether something other than the compiler would write that file into its output folder. */
  function isOutput(path: string | undefined): boolean {
    const configs = [...parsed.values()].filter((config) => config !== undefined);
    const folders = configs.flatMap(({ options }) => [options.outDir, options.declarationDir]);
    return folders.some(
      (folder) => folder && `${join(root, path ?? '')}/`.startsWith(`${folder}/`),
    );
  }

  function inProject(path: string): string | undefined {
    const inside = relative(root, existsSync(path) ? realpathSync(path) : path)
      .split(sep)
      .join('/');
    return inside.startsWith('..') || inside.includes('node_modules/') ? undefined : inside;
  }
}

interface Config {
  path: string;
  options: ts.CompilerOptions;
}

const parsed = new Map<string, ts.ParsedCommandLine | undefined>();

function parse(path: string): ts.ParsedCommandLine | undefined {
  const known = parsed.get(path);
  if (known) return known;
  const { config } = ts.readConfigFile(path, ts.sys.readFile);
  const found = config
    ? ts.parseJsonConfigFileContent(
        { ...config, compilerOptions: { ...config.compilerOptions, allowJs: true } },
        ts.sys,
        dirname(path),
        undefined,
        path,
      )
    : undefined;
  parsed.set(path, found);
  return found;
}

/** As an editor chooses: upwards, the first configuration that has the file or refers to one that has. */
function configOf(
  root: string,
  importer: string,
  known: Map<string, Config | null>,
): Config | null {
  const cached = known.get(importer);
  if (cached !== undefined) return cached;
  let nearest: Config | null = null;
  let found: Config | null = null;
  for (let folder = dirname(join(root, importer)); !found; folder = dirname(folder)) {
    for (const name of ['tsconfig.json', 'jsconfig.json']) {
      const path = join(folder, name);
      if (found || !existsSync(path)) continue;
      const config = parse(path);
      if (!config) continue;
      nearest ??= { path, options: config.options };
      const referenced = (config.projectReferences ?? []).map((reference) =>
        ts.resolveProjectReferencePath(reference),
      );
      for (const candidate of [path, ...referenced]) {
        if (!found && existsSync(candidate) && filesOf(candidate).has(join(root, importer))) {
          found = { path: candidate, options: parse(candidate)?.options ?? {} };
        }
      }
    }
    if (folder === root || folder === dirname(folder)) break;
  }
  // Node knows of no configuration, and for a file that none includes nobody else may know it.
  const isJavascript = /\.[mc]?jsx?$/.test(importer);
  const chosen = found ?? (isJavascript ? null : nearest);
  known.set(importer, chosen);
  return chosen;
}

const files = new Map<string, Set<string>>();

function filesOf(config: string): Set<string> {
  const known =
    files.get(config) ?? new Set(parse(config)?.fileNames.map((file) => file.split('/').join(sep)));
  files.set(config, known);
  return known;
}

/** What a build would write, and from which source, as the compiler itself says. */
function buildOutputs(root: string, listed: string[]): Map<string, string> {
  const outputs = new Map<string, string>();
  for (const path of listed.filter((one) => /(?:^|\/)tsconfig[^/]*\.json$/.test(one))) {
    const config = parse(join(root, path));
    if (!config || (!config.options.outDir && !config.options.declarationDir)) continue;
    for (const source of config.fileNames) {
      if (/\.d\.[mc]?ts$|\.json$/.test(source)) continue;
      try {
        for (const output of ts.getOutputFileNames(config, source, false))
          outputs.set(output, source);
      } catch {
        // The source lies outside the configuration's root: nothing would be written for it.
      }
    }
  }
  return outputs;
}

/** Where an installation would link each workspace package, by its name. */
function workspaceLinks(
  root: string,
  listed: string[],
): Map<string, { workspace: string; target: string }[]> {
  const links = new Map<string, { workspace: string; target: string }[]>();
  const manifests = listed.filter((path) => /(?:^|\/)package\.json$/.test(path));
  for (const manifest of manifests) {
    const workspace = dirname(join(root, manifest));
    for (const [name, path] of dependenciesByPath(join(root, manifest))) {
      links.set(name, [...(links.get(name) ?? []), { workspace, target: join(workspace, path) }]);
    }
    for (const pattern of patternsOf(workspace)) {
      if (pattern.startsWith('!')) continue;
      const excluded = patternsOf(workspace)
        .filter((one) => one.startsWith('!'))
        .map((one) => one.slice(1));
      for (const member of globSync(pattern, { cwd: workspace, exclude: excluded })) {
        const target = join(workspace, member);
        const name = readName(join(target, 'package.json'));
        if (!name || target.includes('node_modules')) continue;
        links.set(name, [
          ...(links.get(name) ?? []).filter((link) => link.target !== target),
          { workspace, target },
        ]);
      }
    }
  }
  return links;
}

function dependenciesByPath(manifest: string): [name: string, path: string][] {
  const { dependencies, devDependencies } = readManifest(manifest);
  return Object.entries({ ...devDependencies, ...dependencies }).flatMap(([name, version]) => {
    const path = /^(?:file|link|portal):(\..*)$/.exec(version)?.[1];
    return path === undefined ? [] : [[name, path]];
  });
}

function patternsOf(workspace: string): string[] {
  const { workspaces } = readManifest(join(workspace, 'package.json'));
  const pnpm = join(workspace, 'pnpm-workspace.yaml');
  const listed: string[] = Array.isArray(workspaces) ? workspaces : (workspaces?.packages ?? []);
  if (!existsSync(pnpm)) return listed;
  const [, block = ''] =
    /^packages:\s*\n((?:\s+-.*\n|\s*#.*\n|\s*\n)*)/m.exec(`${readFileSync(pnpm, 'utf8')}\n`) ?? [];
  return [
    ...listed,
    ...block.split('\n').flatMap((line) => /^\s+-\s*['"]?([^'"#\s]+)/.exec(line)?.[1] ?? []),
  ];
}

function readName(manifest: string): string | undefined {
  return existsSync(manifest) ? readManifest(manifest).name : undefined;
}

interface Manifest {
  name?: string;
  main?: unknown;
  exports?: unknown;
  workspaces?: string[] | { packages?: string[] };
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
}

function readManifest(path: string): Manifest {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    // Among fixtures there are broken ones.
    return {};
  }
}

/** The disk, and on it `node_modules/<name>` beside the workspace's manifest for each member. */
function linkedHost(
  root: string,
  links: Map<string, { workspace: string; target: string }[]>,
  outputs: Map<string, string>,
): ts.ModuleResolutionHost {
  const byFolder = new Map<string, string>();
  const scopes = new Set<string>();
  for (const [name, all] of links) {
    for (const { workspace, target } of all) {
      byFolder.set(join(workspace, 'node_modules', name), target);
      scopes.add(join(workspace, 'node_modules'));
      if (name.includes('/')) scopes.add(dirname(join(workspace, 'node_modules', name)));
    }
  }
  const outputFolders = new Set<string>();
  for (const output of outputs.keys()) {
    for (let at = dirname(output); at !== root && !outputFolders.has(at); at = dirname(at)) {
      outputFolders.add(at);
    }
  }
  function real(path: string): string {
    const at = path.lastIndexOf('/node_modules/');
    if (at < 0) return path;
    const rest = path.slice(at + '/node_modules/'.length).split('/');
    const count = rest[0]?.startsWith('@') ? 2 : 1;
    const target = byFolder.get(
      join(path.slice(0, at), 'node_modules', rest.slice(0, count).join('/')),
    );
    return target === undefined ? path : join(target, ...rest.slice(count));
  }
  return {
    fileExists: (path) => outputs.has(real(path)) || ts.sys.fileExists(real(path)),
    readFile: (path) => ts.sys.readFile(real(path)),
    directoryExists: (path) =>
      scopes.has(path) || outputFolders.has(real(path)) || ts.sys.directoryExists(real(path)),
    getCurrentDirectory: () => root,
    realpath: (path) => {
      const target = real(path);
      return existsSync(target) ? realpathSync(target) : target;
    },
    getDirectories: () => [],
  };
}
