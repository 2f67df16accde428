import { askIndex, FRESH_OPTION, LIMIT_OPTION } from '../../code/ask-index.ts';
import { searchForm } from '../../code/code-forms.ts';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  name: 'code search',
  summary: 'Declarations by words of their names, signatures and docs, the best first',
  examples: ['cpk code search parse duration'],
  positionals: [{ name: 'words', label: 'TEXT', describe: 'what to look for', rest: true }],
  options: {
    ...LIMIT_OPTION,
    ...FRESH_OPTION,
  },
  async run({ words, limit, fresh }, context) {
    const { items, more } = await askIndex(context, { fresh }, ({ index }) =>
      index.search({ q: words.join(' '), ...(limit === undefined ? {} : { limit }) }),
    );
    await context.output.print(items, {
      json: (hits) => hits.map(searchForm),
      human: async (safe) => (await import('../../human/code.ts')).showSymbols(safe),
    });
    context.output.more(more ? String(items.length * 2) : null, 'limit');
  },
});
