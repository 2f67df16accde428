import { CodepaktError } from '@codepakt/contract/light';
import type { Options, Positional } from './command.ts';
import type { Context } from './context.ts';

/** Of every command that changes something. */
export const CHANGE_OPTIONS = {
  full: { type: 'flag', describe: 'print all fields' },
  key: { type: 'text', describe: 'the same key again has no second effect' },
} as const satisfies Options;

/** Of every list that comes in pages. */
export const PAGE_OPTIONS = {
  limit: { type: 'integer', describe: 'how many at most', old: ['l'] },
  cursor: { type: 'text', describe: 'where the page before ended' },
} as const satisfies Options;

export const CLAIM_OPTION = {
  claim: { type: 'integer', describe: 'refuse unless this is still the claim' },
} as const satisfies Options;

export const TASK_ID = {
  name: 'id',
  describe: 'the task: T-001',
} as const satisfies Positional;

export const DOC_ID = {
  name: 'id',
  describe: 'the doc: D-001',
} as const satisfies Positional;

/** @throws CodepaktError `agent_required` */
export function requireAgent({ agent }: Context): string {
  if (agent !== undefined) return agent;
  throw new CodepaktError('agent_required', 'this needs to know which agent asks', {
    hint: 'Say so with --agent NAME or CPK_AGENT.',
  });
}
