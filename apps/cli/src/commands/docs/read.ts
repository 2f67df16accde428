import { defineCommand } from '../../command.ts';
import { DOC_ID } from '../../shared-options.ts';

export const command = defineCommand({
  name: 'docs read',
  summary: 'One doc with its text',
  positionals: [DOC_ID],
  options: {},
  async run({ id }, { board, output }) {
    const { client, params } = board();
    await output.print(await client.docs.read({ params: { ...params, id } }), {
      human: async (safe) => (await import('../../human/doc.ts')).showDoc(safe),
    });
  },
});
