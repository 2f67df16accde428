import { defineCommand } from '../../command.ts';
import { CHANGE_OPTIONS, DOC_ID } from '../../shared-options.ts';

export const command = defineCommand({
  name: 'docs delete',
  summary: 'Delete a doc; its event keeps the text, so that it can be undone',
  positionals: [DOC_ID],
  options: { key: CHANGE_OPTIONS.key },
  async run({ id, key }, { board, output }) {
    const { client, params } = board();
    await output.print(await client.docs.delete({ params: { ...params, id } }, { key }), {
      human: (safe) => `${safe.id} is deleted; cpk undo ${safe.event_id} brings it back`,
    });
  },
});
