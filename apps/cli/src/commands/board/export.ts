import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  name: 'board export',
  summary: 'The whole board as lines of JSON: tasks, notes, docs, agents, events',
  details:
    'One moment of the board, without the code index. `cpk board import` makes the same board of it.',
  examples: ['cpk board export board.jsonl', 'cpk board export - | gzip > board.jsonl.gz'],
  positionals: [{ name: 'file', describe: 'left out or -: stdout', optional: true }],
  options: { force: { type: 'flag', describe: 'replace FILE' } },
  async run({ file, force }, context) {
    const { board, output, invocation } = context;
    const { client, params } = board();
    const { exportedLines } = await import('../../board-lines.ts');
    const pieces = exportedLines(await client.board.export({ params }));
    if (file === undefined || file === '-') {
      for await (const { text } of pieces) output.write(text);
      return;
    }
    const { resolve } = await import('node:path');
    const { writeBoardFile } = await import('../../write-board-file.ts');
    const path = resolve(invocation.cwd, file);
    const { tasks, notes, docs, agents, events } = await writeBoardFile(
      path,
      pieces,
      force === true,
    );
    await output.print(
      { file: path, tasks, notes, docs, agents, events },
      { human: async (safe) => (await import('../../human/board.ts')).showExported(safe) },
    );
  },
});
