import { askIndex, FRESH_OPTION, LIMIT_OPTION } from '../../code/ask-index.ts';
import { cyclesForm } from '../../code/code-forms.ts';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  name: 'code cycles',
  summary: 'Files that import each other in a circle, each with a shortest way round',
  positionals: [],
  options: {
    types: { type: 'flag', describe: 'count imports of types alone too' },
    ...LIMIT_OPTION,
    ...FRESH_OPTION,
  },
  async run({ types = false, limit, fresh }, context) {
    const cycles = await askIndex(context, { fresh }, ({ index }) =>
      index.cycles({ types, ...(limit === undefined ? {} : { limit }) }),
    );
    await context.output.print(cycles, {
      json: cyclesForm,
      human: async (safe) => (await import('../../human/code.ts')).showCycles(safe),
    });
  },
});
