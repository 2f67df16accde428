import { SYMBOL_KINDS } from '@codepakt/contract/light';
import { askIndex, FRESH_OPTION, LIMIT_OPTION } from '../../code/ask-index.ts';
import { symbolForm } from '../../code/code-forms.ts';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  name: 'code symbols',
  summary: 'Where is it: declarations by name, or all of a file or kind',
  details:
    'A name finds what is called so, then what begins so, then what has words that begin so (usSer: UserService), else what has its letters in order (usrSvc).',
  examples: [
    'cpk code symbols UserService',
    'cpk code symbols Project.close',
    'cpk code symbols --file src/db --kind class',
  ],
  positionals: [{ name: 'name', describe: 'a name or a part of it', optional: true }],
  options: {
    kind: { type: 'list', choices: SYMBOL_KINDS, describe: 'of these kinds', old: ['k'] },
    file: { type: 'text', describe: 'in this file or folder', old: ['f'] },
    exported: { type: 'flag', describe: 'only what other files can use' },
    ...LIMIT_OPTION,
    called: { type: 'text', describe: 'a name', hidden: true, old: ['name', 'n'] },
    ...FRESH_OPTION,
  },
  async run({ name: given, called, kind, file, exported, limit, fresh }, context) {
    const name = given ?? called;
    const { items, more } = await askIndex(context, { fresh }, ({ index, toPath }) =>
      index.symbols({
        ...(name === undefined ? {} : { name }),
        ...(kind === undefined ? {} : { kind }),
        ...(file === undefined ? {} : { file: toPath(file) }),
        ...(exported === undefined ? {} : { exported }),
        ...(limit === undefined ? {} : { limit }),
      }),
    );
    await context.output.print(items, {
      json: (hits) => hits.map((hit) => symbolForm(hit, name)),
      human: async (safe) => (await import('../../human/code.ts')).showSymbols(safe),
    });
    context.output.more(more ? String(items.length * 2) : null, 'limit');
  },
});
