import { folderOf, joinPath } from '../project-path.ts';
import type { ProjectTree } from './import-resolver.ts';

/** The files of which the configuration of a bundler says that a package is built from them. */
export interface BuildEntries {
  /** The one that becomes `name` (`control` for `dist/control.mjs`); undefined when none or several could. */
  named(packageFolder: string, name: string): string | undefined;
}

interface Entry {
  file: string;
  /** What the configuration calls it: `{ control: 'src/exports/control.ts' }`. */
  as: string | undefined;
}

const CONFIGURATION =
  /(?:^|\/)(?:tsup|tsdown|rollup|rolldown|vite|esbuild|bunchee|build)\.config\.[mc]?[jt]s$/;
const ENTRY = /(?:(['"]?)([\w@./-]+)\1\s*:\s*)?(['"`])((?:\.{0,2}\/)?[\w@./-]+\.[mc]?[jt]sx?)\3/g;

/** Reads the configuration of every bundler in the project; which strings are files tells the project. */
export function readBuildEntries(tree: ProjectTree): BuildEntries {
  const byFolder = new Map<string, Entry[]>();
  for (const path of tree.paths) {
    if (!CONFIGURATION.test(path) || path.includes('node_modules/')) continue;
    const folder = folderOf(path);
    const known = byFolder.get(folder) ?? [];
    byFolder.set(folder, known);
    for (const [, , as, , written = ''] of (tree.readText(path) ?? '').matchAll(ENTRY)) {
      const file = joinPath(folder, written);
      if (file !== null && tree.paths.has(file)) known.push({ file, as });
    }
  }
  return {
    named(packageFolder, name) {
      const entries = byFolder.get(packageFolder) ?? [];
      const called = entries.filter(({ as }) => as === name);
      const alike = entries.filter(({ file }) =>
        `/${file.replace(/\.[mc]?[jt]sx?$/, '')}`.endsWith(`/${name}`),
      );
      const files = new Set((called.length > 0 ? called : alike).map(({ file }) => file));
      return files.size === 1 ? [...files][0] : undefined;
    },
  };
}
