import { defineCommand } from '../../command.ts';
import { CHANGE_OPTIONS, TASK_ID } from '../../shared-options.ts';
import { approvalForm } from '../../task-forms.ts';
import { terse } from '../../terse.ts';

export const command = defineCommand({
  name: 'task approve',
  summary: 'Agree that a task in review is finished: it is done',
  positionals: [TASK_ID],
  options: {
    note: { type: 'text', describe: 'a word to go with it' },
    force: { type: 'flag', describe: 'also what you finished yourself' },
    ...CHANGE_OPTIONS,
  },
  async run({ id, full, key, ...body }, context) {
    const { client, params } = context.board();
    const result = await client.tasks.approve({ params: { ...params, id }, body }, { key });
    await context.output.print(result, {
      json: full === true ? terse : approvalForm,
      human: async (safe) => (await import('../../human/task.ts')).showApproval(safe),
    });
  },
});
