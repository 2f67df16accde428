import { defineCommand } from '../../command.ts';
import { SETTINGS } from '../../settings-table.ts';

export const command = defineCommand({
  name: 'config show',
  summary: 'What is in force here, and all settings',
  positionals: [],
  options: {},
  async run(_, context) {
    const { place, data_dir, address, agent, output } = context;
    const settings: Record<string, unknown> = {};
    for (const [name, { kept_in, get }] of Object.entries(SETTINGS)) {
      if (place === undefined && (kept_in === 'board' || kept_in === 'project config')) continue;
      settings[name] = await get(context);
    }
    const shown = {
      project: place?.root,
      project_id: place?.id,
      data_dir,
      server: address.url,
      server_from: address.source,
      agent,
      output: output.mode,
      ...settings,
    };
    await output.print<Record<string, unknown>>(shown, {
      human: async (safe) => (await import('../../human/config.ts')).showConfig(safe),
    });
  },
});
