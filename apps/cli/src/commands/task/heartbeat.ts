import { defineCommand } from '../../command.ts';
import { CHANGE_OPTIONS, CLAIM_OPTION, requireAgent, TASK_ID } from '../../shared-options.ts';
import { heartbeatForm } from '../../task-forms.ts';
import { terse } from '../../terse.ts';

export const command = defineCommand({
  name: 'task heartbeat',
  summary: 'Say that the agent is still at it: pushes the lease out',
  positionals: [TASK_ID],
  options: {
    lease: { type: 'duration', describe: 'how long from now; 0: for ever' },
    ...CLAIM_OPTION,
    ...CHANGE_OPTIONS,
  },
  async run({ id, full, key, ...body }, context) {
    requireAgent(context);
    const { client, params } = context.board();
    const head = await client.tasks.heartbeat({ params: { ...params, id }, body }, { key });
    await context.output.print(head, {
      json: full === true ? terse : heartbeatForm,
      human: async (safe) => (await import('../../human/task.ts')).showLease(safe),
    });
  },
});
