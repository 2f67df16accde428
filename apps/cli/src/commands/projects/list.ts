import { defineCommand } from '../../command.ts';
import { terse } from '../../terse.ts';

export const command = defineCommand({
  name: 'projects list',
  summary: 'The projects of this machine',
  positionals: [],
  options: { removed: { type: 'flag', describe: 'those in the trash' } },
  async run({ removed }, { data_dir, output }) {
    const { listProjects, listRemovedProjects } = await import('@codepakt/core/light');
    const projects = removed === true ? listRemovedProjects(data_dir) : listProjects(data_dir);
    await output.print(projects, {
      json: (items) => items.map((item) => terse({ ...item, hosted: item.hosted || null })),
      human: async (safe) => (await import('../../human/projects.ts')).showProjects(safe),
    });
  },
});
