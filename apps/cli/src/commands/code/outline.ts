import { askIndex, FRESH_OPTION } from '../../code/ask-index.ts';
import { outlineForm } from '../../code/code-forms.ts';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  name: 'code outline',
  summary: 'What a file declares, as a tree of signatures with their lines',
  positionals: [{ name: 'file', describe: 'the file' }],
  options: { ...FRESH_OPTION },
  async run({ file, fresh }, context) {
    const outline = await askIndex(context, { fresh }, ({ index, toPath }) =>
      index.outline(toPath(file)),
    );
    await context.output.print(outline, {
      json: outlineForm,
      human: async (safe) => (await import('../../human/code.ts')).showOutline(safe),
    });
  },
});
