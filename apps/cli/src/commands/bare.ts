import { boardForm } from '../board-form.ts';
import { defineCommand } from '../command.ts';
import { terse } from '../terse.ts';

export const command = defineCommand({
  name: '',
  summary: 'What cpk is, the state here, and the next command',
  positionals: [],
  options: {},
  async run(_, context) {
    const { lookAround } = await import('../look-around.ts');
    await context.output.print(await lookAround(context), {
      json: ({ board, ...rest }) =>
        terse({ ...rest, board: board === undefined ? null : boardForm(board) }),
      human: async (safe) => (await import('../human/surroundings.ts')).showSurroundings(safe),
    });
  },
});
