import type { Options } from './command.ts';

/** What every command takes. */
export const COMMON_OPTIONS = {
  project: { type: 'text', describe: 'a folder in the project, or its id (CPK_PROJECT)' },
  agent: { type: 'text', describe: 'who acts; left out: a person (CPK_AGENT)', old: ['a'] },
  url: { type: 'text', describe: 'the server (CPK_URL)' },
  json: { type: 'flag', describe: 'one line of JSON' },
  human: { type: 'flag', describe: 'tables and sentences' },
  help: { type: 'flag', describe: 'this help', short: 'h' },
} as const satisfies Options;
