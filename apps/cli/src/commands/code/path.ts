import { askIndex, FRESH_OPTION } from '../../code/ask-index.ts';
import { pathForm } from '../../code/code-forms.ts';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  name: 'code path',
  summary: 'How one file reaches another by imports, the shortest way',
  examples: ['cpk code path src/main.ts src/db.ts'],
  positionals: [
    { name: 'from', label: 'A', describe: 'the file that imports' },
    { name: 'to', label: 'B', describe: 'the file that is reached' },
  ],
  options: { ...FRESH_OPTION },
  async run({ from, to, fresh }, context) {
    const path = await askIndex(context, { fresh }, ({ index, toPath }) =>
      index.path(toPath(from), toPath(to)),
    );
    await context.output.print(path, {
      json: pathForm,
      human: async (safe) => (await import('../../human/code.ts')).showPath(safe),
    });
  },
});
