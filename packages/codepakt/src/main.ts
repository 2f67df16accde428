import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runCli } from '@codepakt/cli';

/**
 * Runs the command line with what lies beside it in the package.
 * `entryUrl` is the URL of `cpk.js`: bundled code is moved into chunks, so only the entry knows where it is.
 */
export async function main(entryUrl: string): Promise<void> {
  const inPackage = (path: string) => fileURLToPath(new URL(`../${path}`, entryUrl));
  const manifest = JSON.parse(readFileSync(inPackage('package.json'), 'utf8')) as {
    version: string;
  };
  process.exitCode = await runCli({
    argv: process.argv.slice(2),
    entry: fileURLToPath(entryUrl),
    version: manifest.version,
    grammarsDir: inPackage('dist/grammars'),
    dashboardDir: inPackage('dist/dashboard'),
    // Run from source, each is found beside what starts it.
    ...(entryUrl.endsWith('.ts')
      ? {}
      : {
          scannerWorker: new URL('scanner-worker.js', entryUrl),
          boardExaminer: new URL('board-examiner.js', entryUrl),
        }),
  });
}
