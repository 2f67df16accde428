import { defineCommand } from '../../command.ts';
import { PAGE_OPTIONS, requireAgent } from '../../shared-options.ts';
import { MINE_FIELDS } from '../../task-forms.ts';

export const command = defineCommand({
  name: 'task mine',
  summary: "The agent's own tasks: in progress, in review, blocked, or waiting for it",
  positionals: [],
  options: PAGE_OPTIONS,
  async run(page, context) {
    const assignee = requireAgent(context);
    const { client, params } = context.board();
    const fields = [...MINE_FIELDS];
    const found = await client.tasks.list({ params, query: { ...page, assignee, fields } });
    await context.output.print(found.items, {
      human: async (safe) => (await import('../../human/task.ts')).showTasks(safe, fields),
    });
    context.output.more(found.next_cursor);
  },
});
