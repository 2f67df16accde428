import { DOC_TYPES } from '@codepakt/contract/light';
import { defineCommand } from '../../command.ts';
import { docListForm } from '../../doc-form.ts';
import { PAGE_OPTIONS } from '../../shared-options.ts';

export const command = defineCommand({
  name: 'docs list',
  summary: 'The docs, without their texts unless asked for',
  positionals: [],
  options: {
    type: { type: 'text', choices: DOC_TYPES, describe: 'of this kind' },
    tag: { type: 'text', describe: 'with this tag' },
    bodies: { type: 'flag', describe: 'with their texts' },
    ...PAGE_OPTIONS,
  },
  async run(query, { board, output }) {
    const { client, params } = board();
    const { items, next_cursor } = await client.docs.list({ params, query });
    await output.print(items, {
      json: docListForm,
      human: async (safe) => (await import('../../human/doc.ts')).showDocs(safe),
    });
    output.more(next_cursor);
  },
});
