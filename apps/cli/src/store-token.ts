import { join } from 'node:path';
import { readStoredTokens } from './read-token.ts';
import { replaceJsonFile } from './replace-json-file.ts';

/** Keeps a token for the one address that it is to be sent to; undefined: none is to be sent there. */
export function storeToken(data_dir: string, url: string, token: string | undefined): void {
  const { origin } = new URL(url);
  const { [origin]: present, ...others } = readStoredTokens(data_dir);
  if (token === present) return;
  const tokens = token === undefined ? others : { ...others, [origin]: token };
  replaceJsonFile(join(data_dir, 'tokens.json'), tokens);
}
