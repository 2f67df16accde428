import type { TestProjectConfiguration } from 'vitest/config';

/** The test projects, each named after its folder: `vitest run --project packages/core`. */
const projects: TestProjectConfiguration[] = [
  project('packages/contract'),
  project('packages/core'),
  project('grammars'),
  project('packages/scanner'),
  project('packages/api-client'),
  project('apps/server'),
  project('apps/cli'),
  project('packages/codepakt'),
  project('scripts', ['**/*.test.ts']),
];

export default projects;

function project(folder: string, include = ['src/**/*.test.{ts,tsx}']): TestProjectConfiguration {
  return { extends: true, root: folder, test: { name: folder, include } };
}
