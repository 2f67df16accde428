import { boardForm } from '../../board-form.ts';
import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  name: 'board status',
  summary: 'Counts, what is blocked, who works on what',
  positionals: [],
  options: {},
  async run(_, { board, place, invocation, output }) {
    const { client, params } = board();
    const status = await client.board.status({ params });
    const { staleFiles } = await import('../../coordination/stale-files.ts');
    const stale_files =
      place?.files === undefined ? [] : staleFiles(place.files, invocation.version);
    await output.print(
      { ...status, stale_files },
      {
        json: boardForm,
        human: async (safe) => (await import('../../human/board.ts')).showBoard(safe),
      },
    );
  },
});
