import { defineCommand } from '../../command.ts';
import { printChange } from '../../print-change.ts';
import { CHANGE_OPTIONS, TASK_ID } from '../../shared-options.ts';

export const command = defineCommand({
  name: 'task unblock',
  summary: 'Say that a blocked task can go on',
  positionals: [TASK_ID],
  options: {
    note: { type: 'text', describe: 'what has changed' },
    ...CHANGE_OPTIONS,
  },
  async run({ id, full, key, ...body }, context) {
    const { client, params } = context.board();
    const result = await client.tasks.unblock({ params: { ...params, id }, body }, { key });
    await printChange(result, full, context);
  },
});
