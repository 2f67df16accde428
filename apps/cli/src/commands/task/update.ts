import type { TaskPatch } from '@codepakt/contract';
import { PRIORITIES, STATUSES } from '@codepakt/contract/light';
import { defineCommand } from '../../command.ts';
import { givenFields } from '../../given-fields.ts';
import { helpOf } from '../../parse-arguments.ts';
import { printChange } from '../../print-change.ts';
import { CHANGE_OPTIONS, CLAIM_OPTION, TASK_ID } from '../../shared-options.ts';
import { wrongUsage } from '../../wrong-usage.ts';

export const command = defineCommand({
  name: 'task update',
  summary: 'Change fields of a task; an empty value clears one',
  examples: ['cpk task update T-001 --priority P0 --epic ""', 'cpk task update T-002 --hold'],
  positionals: [TASK_ID],
  options: {
    title: { type: 'text', describe: 'what is to be done, in a line' },
    description: { type: 'text', describe: 'all there is to know about it' },
    status: { type: 'text', choices: STATUSES, describe: 'the status', old: ['s'] },
    hold: { type: 'flag', describe: 'put aside; --no-hold takes it back' },
    priority: { type: 'text', choices: PRIORITIES, describe: 'the priority', old: ['p'] },
    assignee: { type: 'text', describe: 'the agent it is for', old: ['a'] },
    epic: { type: 'text', describe: 'what it is a part of', old: ['e'] },
    tags: { type: 'list', describe: 'words to find it by' },
    capabilities: { type: 'list', describe: 'what an agent needs to be able to' },
    touches: { type: 'list', describe: 'globs of the files it will edit' },
    depends_on: { type: 'list', describe: 'tasks that come first' },
    verify: { type: 'text', describe: 'a command that succeeds when it is done' },
    acceptance_criteria: { type: 'list', describe: 'what has to hold', sentences: true },
    context_refs: { type: 'list', describe: 'docs to read first' },
    blocker_reason: { type: 'text', describe: 'why it cannot go on' },
    reason: { type: 'text', describe: 'why it is changed, for the audit trail' },
    if_version: { type: 'integer', describe: 'refuse if one of the fields was changed since' },
    ...CLAIM_OPTION,
    ...CHANGE_OPTIONS,
  },
  async run({ id, full, key, if_version, ...fields }, context) {
    // Where something has to stand, the server says so.
    const body: TaskPatch = givenFields(fields, (name) => !NEVER_CLEARED.has(name));
    if (Object.keys(body).length === 0) {
      throw wrongUsage('cpk task update needs a field to change', helpOf('task update'));
    }
    const { client, params } = context.board();
    const call = { params: { ...params, id }, body };
    const result = await client.tasks.update(call, { key, if_match: if_version });
    await printChange(result, full, context);
  },
});

const NEVER_CLEARED = new Set(['title', 'reason']);
