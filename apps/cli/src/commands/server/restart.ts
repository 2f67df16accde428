import { defineCommand } from '../../command.ts';
import { SERVER_OPTIONS } from '../../server-options.ts';

export const command = defineCommand({
  name: 'server restart',
  summary: 'Stop the server, and start it anew',
  details:
    'It runs again as it did, token included, but for what flags, the environment or `cpk config set` say otherwise by now.',
  positionals: [],
  options: SERVER_OPTIONS,
  async run(args, context) {
    const { restartServer } = await import('../../daemon/control.ts');
    await context.output.print(await restartServer(args, context), {
      human: async (safe) => (await import('../../human/server.ts')).showServer(safe),
    });
  },
});
