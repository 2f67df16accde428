import { fileURLToPath } from 'node:url';
import type { TestProjectConfiguration, UserWorkspaceConfig } from 'vitest/config';

type ProjectTests = UserWorkspaceConfig['test'];

const packedPackage = fileURLToPath(new URL('e2e/packed-package.ts', import.meta.url));

/** The test projects, each named after its folder: `vitest run --project packages/core`. */
const projects: TestProjectConfiguration[] = [
  project('packages/contract'),
  project('packages/core'),
  project('grammars'),
  project('packages/scanner'),
  project('packages/api-client'),
  project('apps/server'),
  project('apps/cli'),
  project('apps/dashboard'),
  project('scripts', { include: ['**/*.test.ts'] }),
  // These drive the packed package, which is built and packed once before them.
  project('e2e', { include: ['**/*.test.ts'], globalSetup: packedPackage }),
];

export default projects;

function project(folder: string, options: ProjectTests = {}): TestProjectConfiguration {
  const include = ['src/**/*.test.{ts,tsx}'];
  return { extends: true, root: folder, test: { name: folder, include, ...options } };
}
