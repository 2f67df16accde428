import { defineCommand } from '../../command.ts';
import { namedProject } from '../../named-project.ts';

export const command = defineCommand({
  name: 'projects remove',
  summary: 'Take a project out of the registry, into the trash',
  details:
    'It is served no more. Its folder stays as it is, board included; a hosted database goes to the trash. `cpk projects restore` brings it back.',
  examples: ['cpk projects remove shop', 'cpk projects remove ~/old/shop'],
  positionals: [{ name: 'named', label: 'PROJECT', describe: 'its name, id or folder' }],
  options: {},
  async run({ named }, { data_dir, invocation, output }) {
    const { listProjects, removeProject } = await import('@codepakt/core/light');
    const { id, hosted } = namedProject(named, listProjects(data_dir), invocation.cwd);
    const { name, path, trash } = removeProject(data_dir, id);
    const result = { id, name, path, trash: hosted ? trash : null };
    await output.print(result, {
      human: (safe) =>
        safe.trash === null
          ? `${safe.name} is no project of this machine any more. Its board stays in ${safe.path}/.codepakt.`
          : `${safe.name} is no project of this machine any more. Its board is in ${safe.trash}.`,
    });
  },
});
