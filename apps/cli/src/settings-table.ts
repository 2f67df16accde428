import { join } from 'node:path';
import type { ProjectInfo, ProjectPatch } from '@codepakt/contract';
import { CodepaktError, DEFAULT_LEASE_SECONDS } from '@codepakt/contract/light';
import type { Context } from './context.ts';
import { parseDuration } from './parse-duration.ts';
import { replaceJsonFile } from './replace-json-file.ts';
import { isLoopback, parsePort } from './server-address.ts';
import { readJsonFile, readUserSettings, type UserSettings } from './settings.ts';
import { wrongUsage } from './wrong-usage.ts';

/** A setting: what it is, where it is kept, and how it is read and written. An empty text takes it back. */
export interface Setting {
  describe: string;
  kept_in: 'board' | 'project config' | 'user settings' | 'tokens';
  get(context: Context): Promise<unknown> | unknown;
  set(value: string, context: Context): Promise<void> | void;
}

/** All that `cpk config` knows. */
export const SETTINGS: Readonly<Record<string, Setting>> = {
  name: onBoard(
    'the name of the project',
    ({ name }) => name,
    (name) => ({ name }),
  ),
  description: onBoard(
    'what the project is about',
    ({ description }) => description,
    (text) => ({ description: text === '' ? null : text }),
  ),
  lease_seconds: onBoard(
    'how long a pickup holds a task without a sign of life, like 2h; 0: for ever',
    ({ settings }) => settings.lease_seconds,
    (text) => ({
      settings: {
        lease_seconds: text === '' ? DEFAULT_LEASE_SECONDS : parseDuration('lease_seconds', text),
      },
    }),
  ),
  url: {
    describe: 'the server of this project; on this machine only',
    kept_in: 'project config',
    get: (context) => readConfig(context).url,
    set: setUrl,
  },
  port: inUserSettings('the port of the server', 'port', (text) => parsePort(text, 'port')),
  host: inUserSettings('the address that the server binds', 'host', (text) => text),
  allow_hosts: inUserSettings('further names the server may be called by', 'allow_hosts', (text) =>
    text.split(',').map((name) => name.trim()),
  ),
  token_file: inUserSettings('the file with the token of the server', 'token_file', (text) => text),
  token: {
    describe: 'the token for the server at the present address; - is stdin',
    kept_in: 'tokens',
    get: async ({ data_dir, address }) => {
      const { readStoredTokens } = await import('./read-token.ts');
      return readStoredTokens(data_dir)[new URL(address.url).origin] === undefined
        ? undefined
        : 'stored';
    },
    set: async (text, { data_dir, address, invocation }) => {
      const { storeToken } = await import('./store-token.ts');
      const { readInput } = await import('./read-input.ts');
      const token = text === '-' ? (await readInput('-', invocation.cwd, 4_096)).trim() : text;
      storeToken(data_dir, address.url, token === '' ? undefined : token);
    },
  },
};

function onBoard(
  describe: string,
  read: (info: ProjectInfo) => unknown,
  patch: (value: string) => ProjectPatch,
): Setting {
  return {
    describe,
    kept_in: 'board',
    async get({ board }) {
      const { client, params } = board();
      return read(await client.projects.read({ params }));
    },
    async set(value, { board }) {
      const { client, params } = board();
      await client.projects.update({ params, body: patch(value) });
    },
  };
}

function inUserSettings<K extends keyof UserSettings>(
  describe: string,
  key: K,
  parse: (text: string) => UserSettings[K],
): Setting {
  return {
    describe,
    kept_in: 'user settings',
    get: ({ data_dir }) => readUserSettings(data_dir)[key],
    set(value, { data_dir }) {
      const { [key]: _, ...others } = readUserSettings(data_dir);
      const settings = value === '' ? others : { ...others, [key]: parse(value) };
      replaceJsonFile(join(data_dir, 'settings.json'), settings);
    },
  };
}

function setUrl(value: string, context: Context): void {
  const { url: _, ...others } = readConfig(context);
  if (value === '') {
    replaceJsonFile(configFile(context), others);
    return;
  }
  const url = URL.parse(value);
  if (url?.protocol !== 'http:' || !isLoopback(url.hostname)) {
    throw wrongUsage(
      `url is ${JSON.stringify(value)}, but a project's server must be on this machine`,
      'Name a server elsewhere with CPK_URL.',
    );
  }
  replaceJsonFile(configFile(context), { ...others, url: value });
}

function readConfig(context: Context): Record<string, unknown> {
  return readJsonFile<Record<string, unknown>>(configFile(context)) ?? {};
}

function configFile({ place }: Context): string {
  if (place?.root !== undefined) return join(place.root, '.codepakt', 'config.json');
  throw new CodepaktError('project_not_found', 'there is no board here or in a folder above', {
    hint: 'Make one: cpk init',
  });
}
