import { defineCommand } from '../../command.ts';
import { printChange } from '../../print-change.ts';
import { CHANGE_OPTIONS, CLAIM_OPTION, TASK_ID } from '../../shared-options.ts';

export const command = defineCommand({
  name: 'task release',
  summary: 'Give a claimed task back',
  positionals: [TASK_ID],
  options: {
    note: { type: 'text', describe: 'what the next one should know' },
    ...CLAIM_OPTION,
    ...CHANGE_OPTIONS,
  },
  async run({ id, full, key, ...body }, context) {
    const { client, params } = context.board();
    const result = await client.tasks.release({ params: { ...params, id }, body }, { key });
    await printChange(result, full, context);
  },
});
