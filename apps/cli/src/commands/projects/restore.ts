import { defineCommand } from '../../command.ts';
import { namedProject } from '../../named-project.ts';
import { terse } from '../../terse.ts';

export const command = defineCommand({
  name: 'projects restore',
  summary: 'Bring a removed project back from the trash',
  examples: ['cpk projects list --removed', 'cpk projects restore shop'],
  positionals: [{ name: 'named', label: 'PROJECT', describe: 'its name, id or folder' }],
  options: {},
  async run({ named }, { data_dir, invocation, output }) {
    const { listRemovedProjects, restoreProject } = await import('@codepakt/core/light');
    const { id } = namedProject(named, newestOfEach(listRemovedProjects(data_dir)), invocation.cwd);
    await output.print(restoreProject(data_dir, id), {
      json: ({ hosted, ...project }) => terse({ ...project, hosted: hosted || null }),
      human: ({ name, path, available }) =>
        available
          ? `${name} is back: ${path}`
          : `${name} is back, but its database is not in ${path}. \`cpk restore FILE\` brings one back.`,
    });
  },
});

/** One that was removed twice is in the trash twice; what was removed last comes back. */
function newestOfEach<P extends { id: string }>(removed: readonly P[]): P[] {
  return [...new Map([...removed].reverse().map((project) => [project.id, project])).values()];
}
