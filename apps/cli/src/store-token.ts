import { join } from 'node:path';
import { readStoredTokens } from './read-token.ts';
import { replaceJsonFile } from './replace-json-file.ts';

/** Keeps a token for the one address that it is to be sent to. */
export function storeToken(data_dir: string, url: string, token: string): void {
  const tokens = { ...readStoredTokens(data_dir), [new URL(url).origin]: token };
  replaceJsonFile(join(data_dir, 'tokens.json'), tokens);
}
