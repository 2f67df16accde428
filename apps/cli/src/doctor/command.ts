import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Finding, ok, warning } from '@codepakt/core';
import type { Context } from '../context.ts';

const CHECK = 'command';
/** Where npx and `pnpm dlx` put a program for the time of one call. */
const FOR_ONE_CALL = /[\\/](?:_npx|dlx[^\\/]*)[\\/]/;

/** Whether agents and the git hook find `cpk`. */
export function examineCommand({ invocation: { env } }: Context): Finding[] {
  const folders = (env.PATH ?? '').split(delimiter);
  const found = folders.find(
    (folder) => folder !== '' && !FOR_ONE_CALL.test(folder) && existsSync(join(folder, 'cpk')),
  );
  if (found !== undefined) return [ok(CHECK, join(found, 'cpk'))];
  const message =
    'there is no cpk on the PATH: agents fall back on npx, and the git hook does nothing';
  return [warning(CHECK, message, 'npm install --global codepakt')];
}
