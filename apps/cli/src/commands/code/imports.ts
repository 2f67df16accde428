import { askIndex, FRESH_OPTION } from '../../code/ask-index.ts';
import { importsForm } from '../../code/code-forms.ts';
import { FILE, FILE_OPTION, requireFile } from '../../code/file-argument.ts';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  name: 'code imports',
  summary: 'What a file imports, and where that leads',
  positionals: [FILE],
  options: { ...FILE_OPTION, ...FRESH_OPTION },
  async run({ fresh, ...args }, context) {
    const file = requireFile('code imports', args);
    const imports = await askIndex(context, { fresh }, ({ index, toPath }) =>
      index.imports(toPath(file)),
    );
    await context.output.print(imports, {
      json: importsForm,
      human: async (safe) => (await import('../../human/code.ts')).showImports(safe),
    });
  },
});
