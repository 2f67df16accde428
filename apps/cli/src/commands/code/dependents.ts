import { askIndex, FRESH_OPTION, LIMIT_OPTION } from '../../code/ask-index.ts';
import { dependentsForm } from '../../code/code-forms.ts';
import { FILE, FILE_OPTION, requireFile } from '../../code/file-argument.ts';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  name: 'code dependents',
  summary: 'Who imports a file: what a change of it may break',
  details:
    'In Go, who imports its package. Imports in languages that are not read (.vue, .svelte, .astro) are not known.',
  positionals: [FILE],
  options: {
    transitive: { type: 'flag', describe: 'also by way of others, by distance' },
    ...LIMIT_OPTION,
    ...FILE_OPTION,
    ...FRESH_OPTION,
  },
  async run({ fresh, transitive = false, limit, ...args }, context) {
    const file = requireFile('code dependents', args);
    const dependents = await askIndex(context, { fresh }, ({ index, toPath }) =>
      index.dependents({
        file: toPath(file),
        transitive,
        ...(limit === undefined ? {} : { limit }),
      }),
    );
    await context.output.print(dependents, {
      json: dependentsForm,
      human: async (safe) => (await import('../../human/code.ts')).showDependents(safe),
    });
  },
});
