import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Where pnpm lies: on the PATH inside its own scripts; elsewhere npx fetches the one that we use. */
export function pnpmPath(): string {
  const { packageManager } = JSON.parse(
    readFileSync(fileURLToPath(new URL('../package.json', import.meta.url)), 'utf8'),
  ) as { packageManager: string };
  const look = `command -v pnpm || npx --yes --prefer-offline -p ${packageManager} -c 'command -v pnpm'`;
  return execFileSync('sh', ['-c', look], { encoding: 'utf8' }).trim();
}
