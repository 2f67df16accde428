import { PRIORITIES, STATUSES, TASK_FIELDS, TASK_SORTS } from '@codepakt/contract/light';
import { defineCommand } from '../../command.ts';
import { PAGE_OPTIONS } from '../../shared-options.ts';
import { LIST_FIELDS } from '../../task-forms.ts';

export const command = defineCommand({
  name: 'task list',
  summary: 'The tasks, without done and cancelled ones',
  examples: ['cpk task list --ready', 'cpk task list --status review,blocked --fields id,title'],
  positionals: [],
  options: {
    status: { type: 'list', choices: STATUSES, describe: 'of these statuses', old: ['s'] },
    priority: { type: 'list', choices: PRIORITIES, describe: 'of these priorities' },
    assignee: { type: 'text', describe: 'of this agent', old: ['a'] },
    epic: { type: 'text', describe: 'of this epic', old: ['e'] },
    tag: { type: 'list', describe: 'with all of these tags' },
    ready: {
      type: 'flag',
      describe: 'only what you could pick up',
    },
    all: { type: 'flag', describe: 'done and cancelled ones too' },
    search: { type: 'text', describe: 'with these words' },
    sort: { type: 'text', choices: TASK_SORTS, describe: 'by what' },
    fields: { type: 'list', choices: TASK_FIELDS, describe: 'what to tell of each' },
    ...PAGE_OPTIONS,
  },
  async run({ fields, ...query }, { board, output }) {
    const { client, params } = board();
    const asked = fields ?? [...LIST_FIELDS];
    const page = await client.tasks.list({ params, query: { ...query, fields: asked } });
    await output.print(page.items, {
      human: async (safe) => (await import('../../human/task.ts')).showTasks(safe, asked),
    });
    output.more(page.next_cursor);
  },
});
