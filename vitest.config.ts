import { defineConfig } from 'vitest/config';
import projects from './vitest.workspace.ts';

// Workspace packages are read from their source, so that tests need no build.
const conditions = ['@codepakt/source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  // Most tests start real processes, and a machine that runs them all at once has little time for each.
  test: { projects, maxWorkers: '100%', testTimeout: 60_000, hookTimeout: 120_000 },
});
