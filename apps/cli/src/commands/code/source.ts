import { askIndex, FRESH_OPTION } from '../../code/ask-index.ts';
import { sourceForm } from '../../code/code-forms.ts';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  name: 'code source',
  summary: 'The text of just one symbol',
  examples: ['cpk code source Project.close', 'cpk code source src/project.ts:98'],
  positionals: [
    { name: 'of', label: 'NAME|FILE:LINE', describe: 'a symbol by name, or by a line in it' },
  ],
  options: { ...FRESH_OPTION },
  async run({ of, fresh }, context) {
    const source = await askIndex(context, { fresh }, ({ index, toPath }) => {
      const [, file, line] = /^(.+?):(\d+(?::\d+)?)$/.exec(of) ?? [];
      if (file !== undefined) return index.source(`${toPath(file)}:${line}`);
      return index.source(/[\\/]/.test(of) ? toPath(of) : of);
    });
    await context.output.print(source, {
      json: sourceForm,
      human: async (safe) => (await import('../../human/code.ts')).showSource(safe),
    });
  },
});
