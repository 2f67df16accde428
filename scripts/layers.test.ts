import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

/**
 * What each package may use of the others. Arrows point up only (see ARCHITECTURE.md):
 * whoever needs one that points down has a type that belongs in `contract`.
 */
const mayUse: Record<string, string[]> = {
  'packages/contract': [],
  grammars: [],
  'packages/core': ['@codepakt/contract'],
  'packages/scanner': ['@codepakt/contract', '@codepakt/grammars'],
  'packages/api-client': ['@codepakt/contract'],
  'apps/server': ['@codepakt/contract', '@codepakt/core'],
  'apps/dashboard': ['@codepakt/contract', '@codepakt/api-client'],
  'apps/cli': [
    '@codepakt/contract',
    '@codepakt/core',
    '@codepakt/scanner',
    '@codepakt/api-client',
    '@codepakt/server',
    '@codepakt/grammars',
  ],
  'packages/codepakt': [
    '@codepakt/cli',
    '@codepakt/dashboard',
    '@codepakt/grammars',
    '@codepakt/scanner',
  ],
};

/** Libraries that only one layer knows (tests may use them to do harm); `codepakt` installs the one that can't be bundled. */
const onlyIn: Record<string, string[]> = {
  kysely: ['packages/core'],
  'better-sqlite3': ['packages/core', 'packages/codepakt'],
  fastify: ['apps/server'],
  'web-tree-sitter': ['packages/scanner'],
  yargs: ['apps/cli'],
  '@modelcontextprotocol/server': ['apps/cli'],
  react: ['apps/dashboard'],
};

const topLevel = [
  'README.md',
  'ARCHITECTURE.md',
  'bench',
  'docs',
  'LICENSE',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'package.json',
  'pnpm-workspace.yaml',
  'pnpm-lock.yaml',
  'tsconfig.base.json',
  'tsconfig.json',
  'vitest.workspace.ts',
  'vitest.config.ts',
  'biome.json',
  'knip.json',
  '.changeset/config.json',
  '.ci/run',
  '.github/workflows/ci.yml',
  'scripts',
  'grammars',
  'packages',
  'apps',
  'e2e',
];

const root = fileURLToPath(new URL('..', import.meta.url));
const folders = globSync(
  ['packages/*/package.json', 'apps/*/package.json', 'grammars/package.json'],
  {
    cwd: root,
  },
).map((manifest) => dirname(manifest));

test('every top-level name of the layout is there', () => {
  expect(topLevel.filter((name) => !existsSync(join(root, name)))).toEqual([]);
});

test('every package has its place in the layers', () => {
  expect(folders.filter((folder) => !(folder in mayUse))).toEqual([]);
});

test.each(folders)('%s depends only on what is above it', (folder) => {
  expect(faultsOf(folder)).toEqual([]);
});

test('imports of every form are seen, and those in comments and strings are not', () => {
  const text = `
    import { a } from '@codepakt/core';
    import type {
      B,
    } from "@codepakt/core/testing";
    export * from './c.ts';
    import 'd';
    const e = await import('e');
    type F = import('f').F;
    /**
     * import { no } from 'comment';
     */
    // import 'line';
    export const text = 'string';
  `;
  expect(importsIn(text).sort()).toEqual(
    ['./c.ts', '@codepakt/core', '@codepakt/core/testing', 'd', 'e', 'f'].sort(),
  );
});

test('an arrow that points down is a fault', () => {
  expect(faultIn('packages/contract', 'src/task.ts', '@codepakt/core')).toContain('may not use');
  expect(faultIn('apps/dashboard', 'src/main.tsx', 'better-sqlite3')).toContain('may not use');
  expect(faultIn('packages/core', 'src/project.ts', '../../../apps/cli/src/cli.ts')).toContain(
    'leaves',
  );
  expect(faultIn('apps/server', 'src/app.ts', '@codepakt/core/testing')).toBeUndefined();
});

function faultsOf(folder: string): string[] {
  const path = join(root, folder, 'package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Record<string, string>>;
  const declared = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies']
    .flatMap((kind) => Object.keys(manifest[kind] ?? {}).map((name) => ({ kind, name })))
    .filter(({ kind, name }) => kind !== 'devDependencies' || !(name in onlyIn))
    .map(({ name }) => faultIn(folder, 'package.json', name));

  // Fixtures are read as text, never run.
  const files = globSync('{*,src/**/*}.{ts,tsx,mts,mjs,js}', {
    cwd: join(root, folder),
    exclude: ['**/fixtures/**'],
  });
  const imported = files.flatMap((file) =>
    importsIn(readFileSync(join(root, folder, file), 'utf8')).map((name) =>
      faultIn(folder, file, name),
    ),
  );
  return [...declared, ...imported].filter((fault) => fault !== undefined);
}

/** Says what is wrong with `file` of `folder` naming `specifier`, if anything. */
function faultIn(folder: string, file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) {
    const target = relative(join(root, folder), resolve(root, folder, dirname(file), specifier));
    return target.startsWith('..')
      ? `${folder}/${file} leaves its package: ${specifier}`
      : undefined;
  }
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const isOurs = name.startsWith('@codepakt/') || name === 'codepakt';
  const isAllowed = isOurs
    ? mayUse[folder]?.includes(name)
    : (onlyIn[name]?.includes(folder) ?? true) || file.endsWith('.test.ts');
  return isAllowed ? undefined : `${folder}/${file} may not use ${name}`;
}

function importsIn(text: string): string[] {
  const statements = text.matchAll(
    /^\s*(?:import|export)\b(?:[^'"`;=]*\bfrom)?\s*['"]([^'"]+)['"]/gm,
  );
  const calls = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g);
  return [...statements, ...calls].map((match) => match[1] ?? '');
}
