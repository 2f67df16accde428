import { defineCommand } from '../../command.ts';
import { printChange } from '../../print-change.ts';
import { CHANGE_OPTIONS, TASK_ID } from '../../shared-options.ts';

export const command = defineCommand({
  name: 'task cancel',
  summary: 'Say that a task is not to be done any more',
  positionals: [TASK_ID],
  options: {
    reason: { type: 'text', describe: 'why not', old: ['r'] },
    ...CHANGE_OPTIONS,
  },
  async run({ id, full, key, ...body }, context) {
    const { client, params } = context.board();
    const result = await client.tasks.cancel({ params: { ...params, id }, body }, { key });
    await printChange(result, full, context);
  },
});
