import { defineCommand } from '../../command.ts';
import { printChange } from '../../print-change.ts';
import { CHANGE_OPTIONS, CLAIM_OPTION, TASK_ID } from '../../shared-options.ts';

export const command = defineCommand({
  name: 'task done',
  summary: 'Say that a task is finished: it goes to review',
  examples: ['cpk task done T-001 --note "Login works; see auth.ts" --verify'],
  positionals: [TASK_ID],
  options: {
    note: { type: 'text', describe: 'what whoever reviews it should know', old: ['notes'] },
    verify: { type: 'flag', describe: 'run its verify command first; it must succeed' },
    force: { type: 'flag', describe: "also when it is another agent's" },
    ...CLAIM_OPTION,
    ...CHANGE_OPTIONS,
  },
  async run({ id, verify, full, key, ...body }, context) {
    if (verify === true) {
      const { verifyTask } = await import('../../verify-task.ts');
      await verifyTask(id, body.claim, context);
    }
    const { client, params } = context.board();
    const result = await client.tasks.done({ params: { ...params, id }, body }, { key });
    await printChange(result, full, context);
  },
});
