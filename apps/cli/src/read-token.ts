import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CodepaktError } from '@codepakt/contract/light';
import { readJsonFile } from './settings.ts';

export interface TokenSources {
  data_dir: string;
  env: NodeJS.ProcessEnv;
}

/** Tokens by the address they were stored for, in `tokens.json` of the data directory. */
export type StoredTokens = Record<string, string>;

/**
 * The token for a server: `CPK_TOKEN`, else the one that was stored for this very address. No
 * address that a project's config names gets here but that of our own daemon.
 */
export function readToken({ data_dir, env }: TokenSources, url: string): string | undefined {
  if (env.CPK_TOKEN) return env.CPK_TOKEN;
  return readStoredTokens(data_dir)[new URL(url).origin];
}

/** @throws CodepaktError `unauthorized` when others can read the file. */
export function readStoredTokens(data_dir: string): StoredTokens {
  const file = join(data_dir, 'tokens.json');
  const tokens = readJsonFile<StoredTokens>(file);
  if (tokens === undefined) return {};
  refuseOpenToOthers(file);
  return tokens;
}

/** The token in a file of the user's own: its first line. */
export function readTokenFile(file: string): string {
  refuseOpenToOthers(file);
  return readFileSync(file, 'utf8').trim();
}

function refuseOpenToOthers(file: string): void {
  if ((statSync(file).mode & 0o077) === 0) return;
  throw new CodepaktError('unauthorized', `${file} holds tokens, but others can read it`, {
    hint: `Close it to them: chmod 600 ${file}`,
  });
}
