import { boardForm } from '../../board-form.ts';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  name: 'board status',
  summary: 'Counts, what is blocked, who works on what',
  positionals: [],
  options: {},
  async run(_, { board, output }) {
    const { client, params } = board();
    await output.print(await client.board.status({ params }), {
      json: boardForm,
      human: async (safe) => (await import('../../human/board.ts')).showBoard(safe),
    });
  },
});
