import { defineCommand } from '../../command.ts';

/** The server reads the whole board before it answers. */
const PATIENCE_MS = 600_000;

export const command = defineCommand({
  name: 'board import',
  summary: 'Put an exported board in the place of an empty one, exactly as it was',
  details:
    'All of it or nothing: what is wrong is told with its line. Ids, claims, times and the log come as they were; the project keeps its own id.',
  examples: ['cpk board import board.jsonl', 'gunzip < board.jsonl.gz | cpk board import -'],
  positionals: [{ name: 'file', describe: 'the exported board; -: stdin' }],
  options: { key: { type: 'text', describe: 'the same key again has no second effect' } },
  async run({ file, key }, { board, output, invocation }) {
    const { client, params } = board();
    const { resolve } = await import('node:path');
    const { linesToImport } = await import('../../board-lines.ts');
    const lines = linesToImport(file === '-' ? undefined : resolve(invocation.cwd, file));
    // Starts the server where there is none: stdin could not be sent a second time.
    await client.projects.read({ params });
    const result = await client.board.import({ params, lines }, { key, timeout_ms: PATIENCE_MS });
    await output.print(result, {
      human: async (safe) => (await import('../../human/board.ts')).showImported(safe),
    });
  },
});
