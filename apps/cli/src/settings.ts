import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { CodepaktError } from '@codepakt/contract/light';
import { readSmallFile } from './read-small-file.ts';

/** What `settings.json` in the data directory may hold; a flag or the environment goes before. */
export interface UserSettings {
  port?: number;
  host?: string;
  allow_hosts?: string[];
  token_file?: string;
}

/** The folder with the registry, the daemon's files and hosted databases: `CPK_DATA_DIR`, else `~/.codepakt`. */
export function dataDirOf(env: NodeJS.ProcessEnv, cwd: string): string {
  const asked = env.CPK_DATA_DIR;
  const home = env.HOME || homedir();
  // Scripts that pass on a variable nobody has set write the word "undefined".
  if (!asked || asked === 'undefined') return join(home, '.codepakt');
  return resolve(cwd, asked.replace(/^~(?=\/|$)/, home));
}

/** @throws CodepaktError `invalid_input` when the file is there, but is not JSON. */
export function readUserSettings(data_dir: string): UserSettings {
  return readJsonFile<UserSettings>(join(data_dir, 'settings.json')) ?? {};
}

/**
 * What a JSON file holds; undefined when there is no such file.
 * @throws CodepaktError `invalid_input` when it is not a JSON object, or no plain file
 */
export function readJsonFile<T extends object>(file: string): T | undefined {
  const text = readSmallFile(file);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as T;
  } catch {
    // Said below, in words that help.
  }
  throw new CodepaktError('invalid_input', `${file} is not a JSON object`, {
    hint: 'Mend it, or move it away.',
  });
}
