import { askIndex, FRESH_OPTION, LIMIT_OPTION } from '../../code/ask-index.ts';
import { orphansForm } from '../../code/code-forms.ts';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  name: 'code orphans',
  summary: 'Files that no other file imports: what nothing may use any more',
  details:
    'What a package.json names (main, exports, bin, scripts), what tools and frameworks find by its name, declarations and the programs of Go are counted as entry_points. Nothing is known of what a text names, a server loads or a person runs, nor of imports in languages that are not read (.vue, .svelte, .astro): look before you delete.',
  positionals: [],
  options: {
    tests: { type: 'flag', describe: 'tests too, which are found by their names' },
    ...LIMIT_OPTION,
    ...FRESH_OPTION,
  },
  async run({ tests = false, limit, fresh }, context) {
    const orphans = await askIndex(context, { fresh }, ({ index }) =>
      index.orphans({ tests, ...(limit === undefined ? {} : { limit }) }),
    );
    await context.output.print(orphans, {
      json: orphansForm,
      human: async (safe) => (await import('../../human/code.ts')).showOrphans(safe),
    });
  },
});
