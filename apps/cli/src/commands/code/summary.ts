import { askIndex, FRESH_OPTION } from '../../code/ask-index.ts';
import { summaryForm } from '../../code/code-forms.ts';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  name: 'code summary',
  summary: 'The project at a glance: size, languages, folders, the files that hold it together',
  positionals: [],
  options: { ...FRESH_OPTION },
  async run({ fresh }, context) {
    const summary = await askIndex(context, { fresh }, ({ index }) => index.summary());
    await context.output.print(summary, {
      json: summaryForm,
      human: async (safe) => (await import('../../human/code.ts')).showSummary(safe),
    });
  },
});
