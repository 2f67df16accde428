import { defineCommand } from '../../command.ts';

export const command = defineCommand({
  name: 'server logs',
  summary: "The end of the server's log",
  positionals: [],
  options: {
    lines: { type: 'integer', short: 'n', describe: 'how many; 50 unless told' },
    follow: { type: 'flag', short: 'f', describe: 'go on as it is written' },
  },
  async run({ lines, follow }, context) {
    const { readLog } = await import('../../daemon/read-log.ts');
    const { output, data_dir } = context;
    const show =
      output.mode === 'json' ? undefined : (await import('../../human/log-line.ts')).showLogLine;
    const signal = follow === true ? context.interruption() : undefined;
    for await (const line of readLog(data_dir, lines ?? 50, signal)) {
      output.write(show === undefined ? line : show(line));
    }
  },
});
