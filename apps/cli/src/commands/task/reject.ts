import { defineCommand } from '../../command.ts';
import { printChange } from '../../print-change.ts';
import { CHANGE_OPTIONS, TASK_ID } from '../../shared-options.ts';

export const command = defineCommand({
  name: 'task reject',
  summary: 'Send a task in review back to its agent',
  positionals: [TASK_ID],
  options: {
    reason: { type: 'text', describe: 'what is missing', old: ['r'] },
    reopen: { type: 'flag', describe: 'back to open, for anybody' },
    ...CHANGE_OPTIONS,
  },
  async run({ id, full, key, ...body }, context) {
    const { client, params } = context.board();
    const result = await client.tasks.reject({ params: { ...params, id }, body }, { key });
    await printChange(result, full, context);
  },
});
