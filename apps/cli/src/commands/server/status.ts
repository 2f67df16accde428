import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  name: 'server status',
  summary: 'Whether the server runs, where, and which version; exits with 1 when it is not well',
  positionals: [],
  options: {},
  async run(_, context) {
    const { lookAtServer } = await import('../../daemon/control.ts');
    const server = await lookAtServer(context);
    await context.output.print(server, {
      human: async (safe) => (await import('../../human/server.ts')).showServer(safe),
    });
    return server.status === 'running' ? 0 : 1;
  },
});
