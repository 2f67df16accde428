import { DEFAULT_PORT } from '@codepakt/contract/light';
import type { Options } from './command.ts';
import { parsePort } from './server-address.ts';
import type { UserSettings } from './settings.ts';

/** Of the commands that start a server. */
export const SERVER_OPTIONS = {
  port: { type: 'text', describe: 'the port (CPK_PORT); 0: any free one', old: ['p'] },
  host: {
    type: 'text',
    describe: 'the address to bind (CPK_HOST); beyond this machine a token is needed',
  },
  allow_host: { type: 'list', describe: 'further names it may be called by (CPK_ALLOW_HOSTS)' },
  token_file: {
    type: 'text',
    describe: 'FILE with the token that all callers need, made if it is not there (CPK_TOKEN)',
  },
} as const satisfies Options;

export interface ServerArguments {
  port: string | undefined;
  host: string | undefined;
  allow_host: string[] | undefined;
  token_file: string | undefined;
}

export interface ServerSettings {
  port: number;
  host: string;
  allow_hosts: string[];
  token_file: string | undefined;
}

/** What a server is started with: flags, then the environment, the user's settings, and how it ran before. */
export function resolveServerSettings(
  args: ServerArguments,
  env: NodeJS.ProcessEnv,
  settings: UserSettings,
  before: Partial<Pick<ServerSettings, 'port' | 'host' | 'allow_hosts'>> = {},
): ServerSettings {
  const named = env.CPK_ALLOW_HOSTS?.split(',').map((name) => name.trim());
  return {
    port:
      portOf(args.port, '--port') ??
      portOf(env.CPK_PORT, 'CPK_PORT') ??
      settings.port ??
      before.port ??
      DEFAULT_PORT,
    host: args.host ?? (env.CPK_HOST || settings.host || before.host || '127.0.0.1'),
    allow_hosts:
      args.allow_host ??
      named?.filter((name) => name !== '') ??
      settings.allow_hosts ??
      before.allow_hosts ??
      [],
    token_file: args.token_file ?? (env.CPK_TOKEN ? undefined : settings.token_file),
  };
}

function portOf(text: string | undefined, what: string): number | undefined {
  if (text === undefined || text === '') return undefined;
  return text === '0' ? 0 : parsePort(text, what);
}
