import { defineConfig } from 'vitest/config';
import projects from './vitest.workspace.ts';

// Workspace packages are read from their source, so that tests need no build.
const conditions = ['@codepakt/source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: { projects },
});
