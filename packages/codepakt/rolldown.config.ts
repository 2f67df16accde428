import { defineConfig } from 'rolldown';
import { builtinsAsValues } from './builtins.ts';

const TASK = /\/packages\/codepakt\/src\/main\.ts$|\/apps\/cli\/src\/commands\/task\/[a-z]+\.ts$/;
const CODE =
  /\/apps\/cli\/src\/commands\/code\/[a-z]+\.ts$|\/core\/src\/database\/(?:foreign-code|network-file-system|safe-sqlite)\.ts$/;
// What threads need too, apart from what only the scan needs that starts them.
const PARSE = /\/packages\/scanner\/src\/(?:run-tasks|packed-batch)\.ts$/;
const SCAN = /\/apps\/cli\/src\/code\/scan-project\.ts$/;

export default defineConfig({
  // The scanner's threads, and the process that reads boards through, have entries of their own.
  input: {
    cpk: 'src/cpk.ts',
    'scanner-worker': '../scanner/src/worker.ts',
    'board-examiner': '../core/src/doctor/board-examiner.ts',
  },
  platform: 'node',
  plugins: [builtinsAsValues],
  // Native code can't be bundled: it is the one dependency that npm installs.
  external: ['better-sqlite3'],
  resolve: { conditionNames: ['@codepakt/source', 'node', 'import', 'default'] },
  // The oldest Node in `engines`; without it `using` would be left in, which Node 22 can't parse.
  transform: { target: 'node22.14' },
  // web-tree-sitter calls eval in a branch that Node never takes.
  checks: { eval: false },
  output: {
    dir: 'dist',
    format: 'esm',
    minify: true,
    chunkFileNames: 'chunks/[name]-[hash].js',
    // What agents call all the time, with all it needs, is one file: each further one costs a short
    // command a millisecond. The rest is loaded when it is used.
    codeSplitting: {
      groups: [
        { name: 'main', test: TASK, priority: 3 },
        { name: 'code', test: CODE, priority: 2 },
        { name: 'parse', test: PARSE, priority: 1 },
        { name: 'scan', test: SCAN },
      ],
    },
  },
});
