import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Invocation } from '../invocation.ts';
import { readTokenFile } from '../read-token.ts';
import type { ServerSettings } from '../server-options.ts';

/** The token that a server is to ask for: the one in its file, else `CPK_TOKEN`; undefined: none. */
export function serverToken(
  { token_file }: ServerSettings,
  { cwd, env }: Pick<Invocation, 'cwd' | 'env'>,
): string | undefined {
  return token_file === undefined ? env.CPK_TOKEN || undefined : tokenIn(resolve(cwd, token_file));
}

/** The token in a file; a file that is not there is made, with a new one. */
function tokenIn(file: string): string {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  }
  return readTokenFile(file);
}
