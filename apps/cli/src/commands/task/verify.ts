import { defineCommand } from '../../command.ts';
import { CLAIM_OPTION, TASK_ID } from '../../shared-options.ts';

export const command = defineCommand({
  name: 'task verify',
  summary: "Run a task's verify command here and record how it went",
  details:
    'It is printed first, then run by the shell in the root of the project or git worktree; what it prints goes ' +
    'to stderr. When it fails the task stays as it is, and cpk exits with 7.',
  positionals: [TASK_ID],
  options: CLAIM_OPTION,
  async run({ id, claim }, context) {
    const { verifyTask } = await import('../../verify-task.ts');
    const verified = await verifyTask(id, claim, context);
    await context.output.print(verified, {
      human: async (safe) => (await import('../../human/task.ts')).showVerified(safe),
    });
  },
});
