// The command line as a program, for tests: run from its source, under a version of the test's choice.
import { fileURLToPath } from 'node:url';
import { runCli } from '../cli.ts';

process.exitCode = await runCli({
  argv: process.argv.slice(2),
  entry: fileURLToPath(import.meta.url),
  version: process.env.CPK_TEST_VERSION ?? '1.0.0',
});
