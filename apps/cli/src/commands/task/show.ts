import { defineCommand } from '../../command.ts';
import { TASK_ID } from '../../shared-options.ts';

export const command = defineCommand({
  name: 'task show',
  summary: 'One task with all that is known of it',
  positionals: [TASK_ID],
  options: {},
  async run({ id }, { board, output }) {
    const { client, params } = board();
    const task = await client.tasks.read({ params: { ...params, id } });
    await output.print(task, {
      human: async (safe) => (await import('../../human/task.ts')).showTask(safe),
    });
  },
});
