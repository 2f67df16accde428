import { defineCommand } from '../../command.ts';
import { printChange } from '../../print-change.ts';
import { CHANGE_OPTIONS, CLAIM_OPTION, TASK_ID } from '../../shared-options.ts';

export const command = defineCommand({
  name: 'task block',
  summary: 'Say that a task cannot go on, and why',
  positionals: [TASK_ID],
  options: {
    reason: { type: 'text', describe: 'what is in the way', old: ['r'] },
    ...CLAIM_OPTION,
    ...CHANGE_OPTIONS,
  },
  async run({ id, full, key, ...body }, context) {
    const { client, params } = context.board();
    const result = await client.tasks.block({ params: { ...params, id }, body }, { key });
    await printChange(result, full, context);
  },
});
