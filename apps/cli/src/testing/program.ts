import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    codepakt: string;
  }
}

// The tests beside the code run `cpk` from its source. The project `e2e` runs some of them again, with
// the package as npm would install it.
const packed: string | undefined = inject('codepakt');

export const isPacked: boolean = packed !== undefined;
/** What `cpk` says that it is, unless another version is asked for. */
export const VERSION: string = packed === undefined ? '1.0.0' : versionIn(packed);

/** How `cpk` of a version is started. */
export function programOf(version = VERSION): { command: string[]; env: NodeJS.ProcessEnv } {
  const { execPath } = process;
  if (packed !== undefined) {
    const folder = version === VERSION ? packed : `${packed}-${version}`;
    return { command: [execPath, join(folder, 'dist/cpk.js')], env: {} };
  }
  const entry = fileURLToPath(new URL('./cpk.ts', import.meta.url));
  return {
    command: [execPath, '-C', '@codepakt/source', entry],
    // Every process of a test run compiles the same sources.
    env: { CPK_TEST_VERSION: version, NODE_COMPILE_CACHE: join(tmpdir(), 'codepakt-cli-tests') },
  };
}

function versionIn(folder: string): string {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return version;
}
