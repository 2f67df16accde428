import { askIndex, FRESH_OPTION } from '../../code/ask-index.ts';
import { outlineForm } from '../../code/code-forms.ts';
import { toShownOutline } from '../../code/shown-outline.ts';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  name: 'code outline',
  summary: 'What a file declares, as a tree of signatures with their lines',
  positionals: [{ name: 'file', describe: 'the file' }],
  options: {
    depth: {
      type: 'integer',
      describe: 'how many levels; else as many as some 250 lines hold',
    },
    ...FRESH_OPTION,
  },
  async run({ file, depth, fresh }, context) {
    const outline = await askIndex(context, { fresh }, ({ index, toPath }) =>
      index.outline(toPath(file)),
    );
    const shown = toShownOutline(outline, depth);
    await context.output.print(shown, {
      json: outlineForm,
      human: async (safe) => (await import('../../human/code.ts')).showOutline(safe),
    });
    context.output.more(shown.deeper > 0 ? String(shown.levels + 1) : null, 'depth');
  },
});
