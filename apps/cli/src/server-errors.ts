import { CodepaktError } from '@codepakt/contract/light';
import type { ServerAddress } from './server-address.ts';

/** The error for a server that was named by its URL and is not there. */
export function notThere({ url, source }: ServerAddress): CodepaktError {
  return new CodepaktError(
    'server_unreachable',
    `nothing answers at ${url}, which ${source} names`,
    {
      hint: `Start the server there, or leave ${source} out to use the one of this machine.`,
    },
  );
}

/** The error for a server that speaks another version of the API. */
export function incompatible(url: string, version = 'unknown'): CodepaktError {
  return new CodepaktError(
    'server_incompatible',
    `the server at ${url} is codepakt ${version}, which this one does not understand`,
    { hint: 'Upgrade this one: npm install --global codepakt@latest' },
  );
}

/** The error for a daemon that is not the one of our data directory. */
export function foreign(url: string, data_dir: string): CodepaktError {
  return new CodepaktError(
    'server_unreachable',
    `the codepakt server at ${url} belongs to another data directory than ${data_dir}`,
    { hint: 'Choose another port with CPK_PORT, or the data directory with CPK_DATA_DIR.' },
  );
}
