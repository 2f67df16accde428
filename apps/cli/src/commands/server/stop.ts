import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  name: 'server stop',
  summary: 'Stop the server: it finishes what it does, then ends',
  positionals: [],
  options: {},
  async run(_, context) {
    const { stopServer } = await import('../../daemon/control.ts');
    await context.output.print(await stopServer(context), {
      human: async (safe) => (await import('../../human/server.ts')).showServer(safe),
    });
  },
});
