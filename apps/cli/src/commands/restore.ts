import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type BoardPlace, requireBoardPlace } from '../board-place.ts';
import { defineCommand } from '../command.ts';
import type { Context } from '../context.ts';

export const command = defineCommand({
  name: 'restore',
  summary: 'Put a backup in the place of the board, which is kept',
  details:
    'The backup is checked, also against its own log of events, before anything is touched. It works while the server runs and others use the board. In a folder without a board it makes one of the backup.',
  examples: ['cpk backup --list', 'cpk restore ~/shop.db'],
  positionals: [{ name: 'file', describe: 'the backup' }],
  options: { force: { type: 'flag', describe: 'also the backup of another project' } },
  async run({ file, force }, context) {
    const { data_dir, invocation, output } = context;
    const place = context.place === undefined ? newPlace(context) : requireBoardPlace(context);
    const { backupFolder, backupName, initProject, restoreBoard } = await import('@codepakt/core');
    const { id, root, database } = place;
    const restored = await restoreBoard({
      source: resolve(invocation.cwd, file),
      database,
      id,
      keep_as: join(backupFolder(data_dir, id ?? 'new'), backupName('restore', new Date())),
      force,
      even_changed: invocation.env.CPK_NO_EXAMINATION === '1',
      agent: context.agent,
      letGo: () => stopServer(context),
    });
    // Registers what is new, and tells the registry a name that was another then.
    const { project } = existsSync(root) ? initProject(root, { data_dir }) : restored;
    await output.print(
      { ...restored, project: { id: project.id, name: project.name }, database },
      { human: async (safe) => (await import('../human/backup.ts')).showRestored(safe) },
    );
  },
});

/** Where a board is made of the backup. */
function newPlace({ invocation: { cwd } }: Context): Omit<BoardPlace, 'id'> & { id?: string } {
  return { root: cwd, database: join(cwd, '.codepakt', 'data.db') };
}

/** A database that can't be written into is put aside, and must not be open in the server then. */
async function stopServer(context: Context): Promise<void> {
  const { stopServer: stop } = await import('../daemon/control.ts');
  const { pid } = await stop(context);
  if (pid !== undefined) context.output.say('The server was stopped; the next command starts it.');
}
