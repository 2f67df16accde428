import { defineCommand } from '../../command.ts';
import { SERVER_OPTIONS } from '../../server-options.ts';

export const command = defineCommand({
  name: 'server run',
  summary: 'Run the server in the foreground, until Ctrl-C',
  positionals: [],
  options: {
    ...SERVER_OPTIONS,
    detached: { type: 'flag', describe: 'started by another cpk', hidden: true },
  },
  async run(args, context) {
    const { runDaemon } = await import('../../daemon/run-daemon.ts');
    await runDaemon(args, context);
  },
});
