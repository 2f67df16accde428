import { STATUSES } from '@codepakt/contract/light';
import { defineCommand } from '../../command.ts';
import { TASK_ID } from '../../shared-options.ts';
import { waitedForm } from '../../task-forms.ts';

export const command = defineCommand({
  name: 'task wait',
  summary: 'Block until a task has a status',
  details:
    'Exits with 5 when the time is over, with 4 when the task is done or cancelled and so will not get there.',
  examples: ['cpk task wait T-001 --for review,done --timeout 10m'],
  positionals: [TASK_ID],
  options: {
    for: { type: 'list', choices: STATUSES, required: true, describe: 'one of these statuses' },
    timeout: { type: 'duration', describe: 'no longer than this' },
  },
  async run({ id, for: statuses, timeout }, context) {
    const { waitForStatus } = await import('../../wait-for-status.ts');
    const task = await waitForStatus(id, statuses, timeout, context);
    await context.output.print(task, {
      json: waitedForm,
      human: async (safe) => (await import('../../human/task.ts')).showHead(safe),
    });
  },
});
