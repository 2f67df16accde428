import { LIMITS } from '@codepakt/contract/light';
import { defineCommand } from '../../command.ts';
import { printChange } from '../../print-change.ts';
import { CHANGE_OPTIONS, CLAIM_OPTION, TASK_ID } from '../../shared-options.ts';

export const command = defineCommand({
  name: 'task note',
  summary: 'Add a note to a task',
  examples: ['cpk task note T-001 "The token is in the header now"'],
  positionals: [TASK_ID, { name: 'text', describe: 'the note; - is stdin', rest: true }],
  options: { ...CLAIM_OPTION, ...CHANGE_OPTIONS },
  async run({ id, text, claim, full, key }, context) {
    const { client, params } = context.board();
    const body =
      text.length === 1 && text[0] === '-'
        ? await readNote(context.invocation.cwd)
        : text.join(' ');
    const call = { params: { ...params, id }, body: { body, claim } };
    await printChange(await client.tasks.note(call, { key }), full, context);
  },
});

async function readNote(cwd: string): Promise<string> {
  const { readInput } = await import('../../read-input.ts');
  return (await readInput('-', cwd, LIMITS.body_bytes)).trimEnd();
}
