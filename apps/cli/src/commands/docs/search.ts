import { DOC_TYPES } from '@codepakt/contract/light';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  name: 'docs search',
  summary: 'Docs by words of their titles, tags and texts, the best first',
  examples: ['cpk docs search session cookie'],
  positionals: [{ name: 'words', describe: 'what to look for', rest: true }],
  options: {
    type: { type: 'text', choices: DOC_TYPES, describe: 'of this kind' },
    limit: { type: 'integer', describe: 'how many at most' },
  },
  async run({ words, ...query }, { board, output }) {
    const { client, params } = board();
    const q = words.join(' ');
    const { items } = await client.docs.search({ params, query: { ...query, q } });
    await output.print(items, {
      human: async (safe) => (await import('../../human/doc.ts')).showHits(safe),
    });
  },
});
