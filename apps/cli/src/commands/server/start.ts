import { defineCommand } from '../../command.ts';
import { SERVER_OPTIONS } from '../../server-options.ts';

export const command = defineCommand({
  name: 'server start',
  summary: 'Start the server in the background',
  details: 'Commands that need it start it themselves; this is for settings of its own.',
  examples: ['cpk server start', 'cpk server start --host 0.0.0.0 --token-file ~/.codepakt/token'],
  positionals: [],
  options: SERVER_OPTIONS,
  async run(args, context) {
    const { startServer } = await import('../../daemon/control.ts');
    const started = await startServer(args, context);
    await context.output.print(started, {
      human: async (safe) => (await import('../../human/server.ts')).showServer(safe),
    });
  },
});
