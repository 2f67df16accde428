import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where the registry, hosted databases and the daemon's files lie: `CPK_DATA_DIR` or `~/.codepakt`. */
export function dataDirectory(
  env: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const set = env.CPK_DATA_DIR;
  // A script that passes on a variable it doesn't have writes the word `undefined`.
  if (set === undefined || set === '' || set === 'undefined') return join(homedir(), '.codepakt');
  if (set === '~' || set.startsWith('~/')) return join(homedir(), set.slice(2));
  return resolve(set);
}
