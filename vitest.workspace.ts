import { fileURLToPath } from 'node:url';
import type { TestProjectConfiguration, UserWorkspaceConfig } from 'vitest/config';

type ProjectTests = UserWorkspaceConfig['test'];

const packedPackage = fileURLToPath(new URL('e2e/packed-package.ts', import.meta.url));

/** Tests of `cpk` as a person uses it, which run it from its source and here out of the package. */
const alsoPacked = [
  'commands/backup',
  'commands/board/board-file',
  'commands/doctor',
  'commands/generate',
  'commands/projects/projects',
  'completion/completion',
  'mcp/mcp',
].map((name) => `src/${name}.test.ts`);

/** A run of all tests takes them from the package alone, which is built from the same source. */
const onlyPacked = process.env.CODEPAKT_TEST_ALL === '1' ? alsoPacked : [];

/** The test projects, each named after its folder: `vitest run --project packages/core`. */
const projects: TestProjectConfiguration[] = [
  project('packages/contract'),
  project('packages/core'),
  project('grammars'),
  project('packages/scanner'),
  project('packages/api-client'),
  project('apps/server'),
  project('apps/cli', { exclude: onlyPacked }),
  project('apps/dashboard'),
  project('scripts', { include: ['**/*.test.ts'] }),
  // These drive the packed package, which is built and packed once before them.
  project('e2e', {
    include: ['**/*.test.ts', ...alsoPacked.map((file) => `../apps/cli/${file}`)],
    globalSetup: packedPackage,
  }),
];

export default projects;

function project(folder: string, options: ProjectTests = {}): TestProjectConfiguration {
  const include = ['src/**/*.test.{ts,tsx}'];
  return { extends: true, root: folder, test: { name: folder, include, ...options } };
}
