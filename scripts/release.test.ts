import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What people can install. All have one version. */
const PUBLISHED = [
  '@codepakt/api-client',
  '@codepakt/contract',
  '@codepakt/core',
  '@codepakt/grammars',
  '@codepakt/scanner',
  'codepakt',
];

interface Manifest extends Record<string, unknown> {
  name: string;
  version: string;
  private?: boolean;
  keywords: string[];
  exports?: Record<string, Record<string, string>>;
  publishConfig: { exports?: Record<string, Record<string, string>> };
  dependencies: Record<string, string>;
}

const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));
const packages = globSync(['{packages,apps,bench}/{,*/}package.json', 'grammars/package.json'], {
  cwd: root,
  exclude: ['**/node_modules'],
}).map((path) => ({ folder: dirname(path), manifest: readJson(path) as Manifest }));
const published = packages.filter(({ manifest }) => manifest.private !== true);

test('exactly what people are to install is published, under one version', () => {
  expect(published.map(({ manifest }) => manifest.name).sort()).toEqual(PUBLISHED);
  expect(new Set(published.map(({ manifest }) => manifest.version)).size).toBe(1);
  expect(readJson('.changeset/config.json')).toMatchObject({
    access: 'public',
    fixed: [['codepakt', '@codepakt/*']],
    privatePackages: { version: false, tag: false },
  });
});

test.each(published)('$folder says what it is and where it comes from', ({ folder, manifest }) => {
  expect(manifest).toMatchObject({
    description: expect.stringMatching(/\.$/),
    license: 'MIT',
    type: 'module',
    engines: { node: '>=22.14' },
    repository: { url: 'git+https://github.com/codepakt/codepakt.git', directory: folder },
    files: expect.arrayContaining(['dist']),
    publishConfig: { access: 'public', provenance: true },
  });
  expect(manifest.keywords.length).toBeGreaterThan(2);
  expect(readFileSync(join(root, folder, 'README.md'), 'utf8')).toMatch(/^# /);
});

test.each(published)(
  '$folder publishes the entries that it has, but for their sources',
  ({ manifest }) => {
    const entries = Object.entries(manifest.exports ?? {}).map(([entry, conditions]) => {
      const { '@codepakt/source': source, ...rest } = conditions;
      expect(source).toMatch(/^\.\/src\//);
      expect(Object.keys(rest)).toEqual(['types', 'default']);
      return [entry, rest];
    });
    expect(manifest.publishConfig.exports ?? {}).toEqual(Object.fromEntries(entries));
  },
);

test('every changeset names codepakt, whose changelog people read', () => {
  const changesets = globSync('.changeset/*.md', { cwd: root }).filter(
    (file) => !file.endsWith('README.md'),
  );
  for (const file of changesets) {
    const [, head = ''] = readFileSync(join(root, file), 'utf8').split(/^---$/m);
    const names = [...head.matchAll(/^['"]([^'"]+)['"]: (?:major|minor|patch)$/gm)].map(
      ([, name]) => name,
    );
    expect(names, file).toContain('codepakt');
    expect(PUBLISHED, file).toEqual(expect.arrayContaining(names));
  }
});
