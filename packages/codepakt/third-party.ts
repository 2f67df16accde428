import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'rolldown';
import licensePlugin, { type Dependency } from 'rollup-plugin-license';

// Its types speak of an ES module, but it is CommonJS: what is imported is the function itself.
const license = licensePlugin as unknown as typeof licensePlugin.default;

/** What may be bundled into an MIT package without asking anybody. */
const FREE = '(MIT OR ISC OR 0BSD OR BSD-2-Clause OR BSD-3-Clause OR BlueOak-1.0.0 OR Apache-2.0)';

export interface Gathered {
  /** Goes into the bundler; a library under a licence that isn't free enough ends the build. */
  plugin: Plugin;
  /** The libraries of which code is really in the bundle, once it is written. */
  libraries: Dependency[];
}

/** Notes which libraries a bundle is made of. */
export function gatherLibraries(): Gathered {
  const libraries: Dependency[] = [];
  const plugin: unknown = license({
    thirdParty: {
      allow: { test: FREE, failOnUnlicensed: true, failOnViolation: true },
      output: (found) => {
        libraries.push(...found.filter(({ name }) => !name?.startsWith('@codepakt/')));
      },
    },
  });
  // Made for Rollup; of its interface it uses what Rolldown has too.
  return { plugin: plugin as Plugin, libraries };
}

/** The licences of everything in the package that others wrote; `dist` is a finished build. */
export function thirdPartyText(libraries: readonly Dependency[], dist: string): string {
  const read = (file: string) => readFileSync(join(dist, file), 'utf8').trim();
  const { runtime, grammars } = JSON.parse(read('grammars/manifest.json')) as GrammarManifest;
  const parts = [
    ...libraries.toSorted(byName).map(ofLibrary),
    '# In the dashboard',
    // Vite wrote it, under a heading and a sentence of its own.
    read('dashboard/licenses.md').replace(/^# .*\n+.*\n+/, ''),
    '# The font of the dashboard',
    entry('Inter', 'OFL-1.1', read('dashboard/inter-license.txt')),
    '# Grammars',
    entry(
      `${runtime.package} - ${runtime.version}`,
      runtime.licence,
      read('grammars/web-tree-sitter.LICENSE'),
    ),
    ...grammars.map(({ name, package: from, version, licence }) =>
      entry(`${from} - ${version}: ${name}`, licence, read(`grammars/${name}/LICENSE`)),
    ),
  ];
  return `# Third-party software

What codepakt brings along that others wrote, with their licences. Each part is here because the build
found it in the files beside this one.

# In the command line and the daemon

${parts.join('\n\n')}
`;
}

interface GrammarManifest {
  runtime: { package: string; version: string; licence: string };
  grammars: { name: string; package: string; version: string; licence: string }[];
}

function ofLibrary(library: Dependency): string {
  const { name, version, license: licence, licenseText, noticeText, author } = library;
  const words = licenseText ?? `By ${author?.name ?? 'its authors'}; the package holds no text.`;
  const texts = [words, noticeText ?? ''].map((text) => text.trim()).filter((text) => text !== '');
  return entry(`${name} - ${version}`, licence ?? '', texts.join('\n\n'));
}

function entry(what: string, licence: string, text: string): string {
  return `## ${what} (${licence})\n\n${text}`;
}

function byName(a: Dependency, b: Dependency): number {
  return (a.name ?? '') < (b.name ?? '') ? -1 : 1;
}
