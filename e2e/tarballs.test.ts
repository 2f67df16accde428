import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { lintTarballs } from './lint-tarballs.ts';
import { ENTRIES } from './trial.ts';

interface Manifest extends Record<string, unknown> {
  name: string;
  version: string;
  exports?: Record<string, unknown>;
  scripts?: Record<string, string>;
  dependencies?: Record<string, string>;
}

const folder = inject('tarballs');
const tarballs = globSync('*.tgz', { cwd: folder }).map((name) => {
  const tar = (how: string, ...of: string[]) =>
    execFileSync('tar', [how, join(folder, name), ...of], { encoding: 'utf8' });
  const manifest = JSON.parse(tar('-xzOf', 'package/package.json')) as Manifest;
  return { name: manifest.name, manifest, files: tar('-tzf').trim().split('\n') };
});
const [{ version } = { version: '' }] = tarballs.map(({ manifest }) => manifest);

test('what people install is packed, with every entry that the tests here take it by', () => {
  const entries = tarballs.flatMap(({ name, manifest }) =>
    Object.keys(manifest.exports ?? {}).map((entry) => join(name, entry)),
  );
  expect(entries.sort()).toEqual(ENTRIES.toSorted());
  expect(tarballs.map(({ name }) => name)).toContain('codepakt');
});

test.each(tarballs)(
  '$name has the one version, needs only what can be had, and says where it comes from',
  ({ manifest, files }) => {
    expect(manifest).toMatchObject({
      version,
      license: 'MIT',
      engines: { node: '>=22.14' },
      repository: { url: 'git+https://github.com/codepakt/codepakt.git' },
      // With the workflow's id-token: npm then tells what built it.
      publishConfig: { access: 'public', provenance: true },
    });
    for (const [needed, range] of Object.entries(manifest.dependencies ?? {})) {
      // Not `workspace:` or `catalog:`, which only this repository knows.
      expect(range, needed).toMatch(/^[\^~]?\d+\.\d+\.\d+$/);
      if (needed.startsWith('@codepakt/')) expect(range).toBe(`^${version}`);
    }
    expect(JSON.stringify(manifest.exports ?? {})).not.toContain('src/');
    expect(files).toEqual(expect.arrayContaining(['package/README.md', 'package/LICENSE']));
    expect(files.filter((file) => /\.test\.|(?<!\.d)\.ts$|tsbuildinfo/.test(file))).toEqual([]);
  },
);

test.each(['publint', 'attw'] as const)('%s has nothing against what is packed', async (linter) => {
  expect(await lintTarballs(linter, folder)).toEqual([]);
});
