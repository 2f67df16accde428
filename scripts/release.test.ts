import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

test('a release gives all packages the next version, and codepakt a changelog of each change', () => {
  const folder = mkdtempSync(join(tmpdir(), 'codepakt-release-'));
  try {
    const manifests = packages.map((one) => join(one.folder, 'package.json'));
    const changesets = globSync('.changeset/*', { cwd: root });
    for (const file of ['package.json', 'pnpm-workspace.yaml', ...manifests, ...changesets]) {
      cpSync(join(root, file), join(folder, file), { recursive: true });
    }
    writeFileSync(
      join(folder, '.changeset/one-more.md'),
      "---\n'codepakt': minor\n'@codepakt/core': patch\n---\n\nOne more change.\n",
    );
    execFileSync('git', ['init', '--quiet'], { cwd: folder });
    const changeset = join(root, 'node_modules/.bin/changeset');
    execFileSync(changeset, ['version'], { cwd: folder, stdio: 'pipe' });

    const read = (path: string) => readFileSync(join(folder, path), 'utf8');
    const versions = published.map((one) => JSON.parse(read(join(one.folder, 'package.json'))));
    const [{ version }] = versions;
    expect(version).not.toBe(published[0]?.manifest.version);
    expect(versions.map((manifest) => manifest.version)).toEqual(versions.map(() => version));
    const changelog = read('packages/codepakt/CHANGELOG.md');
    expect(changelog).toContain(`\n## ${version}\n`);
    for (const file of globSync('.changeset/*.md', { cwd: root })) {
      const [, told = ''] = /\n---\n\n(.+)/.exec(readFileSync(join(root, file), 'utf8')) ?? [];
      expect(changelog, file).toContain(told);
    }
    expect(changelog).toContain('- One more change.');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
