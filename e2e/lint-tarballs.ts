import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const binaries = fileURLToPath(new URL('../node_modules/.bin/', import.meta.url));

/** How each looks at a tarball. */
const LINTERS = {
  publint: (tarball: string) => ['run', tarball, '--strict'],
  attw: (tarball: string) => [tarball, '--profile', 'esm-only'],
};
export type Linter = keyof typeof LINTERS;

/** What a linter has to say against the tarballs in a folder. */
export async function lintTarballs(linter: Linter, folder: string): Promise<string[]> {
  const faults: string[] = [];
  const files = globSync('*.tgz', { cwd: folder });
  if (files.length === 0) faults.push(`there are no tarballs in ${folder}`);
  for (const file of files) {
    try {
      await promisify(execFile)(join(binaries, linter), LINTERS[linter](join(folder, file)));
    } catch (error) {
      const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
      faults.push(`${file}: ${error}\n${stdout}${stderr}`);
    }
  }
  return faults;
}
