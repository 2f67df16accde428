import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { requireBoardPlace } from '../board-place.ts';
import { defineCommand } from '../command.ts';
import type { Context } from '../context.ts';
import { terse } from '../terse.ts';
import { whatLiesAt } from '../what-lies-at.ts';
import { wrongUsage } from '../wrong-usage.ts';

export const command = defineCommand({
  name: 'backup',
  summary: "Copy the board's database while it is in use, and check the copy",
  details:
    'Without FILE it goes to backups/ in the data directory, under the time. The copy is one moment of the board, code index included; of a damaged board none is made. `cpk restore FILE` brings it back.',
  examples: ['cpk backup', 'cpk backup ~/shop.db', 'cpk backup --keep 10', 'cpk backup --list'],
  positionals: [{ name: 'file', describe: 'the copy, or a folder for it', optional: true }],
  options: {
    list: { type: 'flag', describe: 'the backups that there are, the newest first' },
    keep: { type: 'integer', describe: 'delete all but so many of those made without FILE' },
    force: { type: 'flag', describe: 'replace FILE' },
  },
  async run({ file, list, keep, force }, context) {
    if (list === true) {
      if (file !== undefined || keep !== undefined) throw wrongUsage('--list goes alone');
      await listThem(context);
      return;
    }
    if (keep !== undefined && (file !== undefined || keep === 0)) {
      throw wrongUsage('--keep takes 1 or more, and counts backups made without FILE');
    }
    const { data_dir, invocation, output } = context;
    const { id, database } = requireBoardPlace(context);
    const core = await import('@codepakt/core');
    const name = core.backupName('backup', new Date());
    const folder = core.backupFolder(data_dir, id);
    const target =
      file === undefined ? join(folder, name) : nameIn(resolve(invocation.cwd, file), name);
    if (file === undefined) mkdirSync(folder, { recursive: true, mode: 0o700 });
    const backup = core.backUpBoard(database, target, {
      replace: force,
      even_changed: invocation.env.CPK_NO_EXAMINATION === '1',
    });
    const pruned = keep === undefined ? [] : core.pruneBackups(data_dir, id, keep);
    await output.print(
      { ...backup, pruned },
      { human: async (safe) => (await import('../human/backup.ts')).showBackup(safe) },
    );
  },
});

async function listThem(context: Context): Promise<void> {
  const { id, database } = requireBoardPlace(context);
  const { listBackups } = await import('@codepakt/core');
  await context.output.print(listBackups(context.data_dir, id, database), {
    json: terse,
    human: async (safe) => (await import('../human/backup.ts')).showBackups(safe),
  });
}

function nameIn(path: string, name: string): string {
  return whatLiesAt(path)?.isDirectory() === true ? join(path, name) : path;
}
