import {
  databaseFileIn,
  examineDatabase,
  type Finding,
  failure,
  findProject,
  listBackups,
  ok,
} from '@codepakt/core';
import type { Context } from '../context.ts';
import { refuseCopy } from '../refuse-copy.ts';

const CHECK = 'project';

/** Whether one stands in a project, and the registry knows it there. */
export function examineProject({ place, data_dir }: Context): Finding[] {
  if (place === undefined) {
    return [ok(CHECK, 'none here: only what belongs to this machine was looked at')];
  }
  const { id, root, files } = place;
  if (id === undefined) {
    return [failure(CHECK, `${root}: its config.json names no project`, 'cpk init')];
  }
  // Throws what it is a copy of.
  refuseCopy(place, data_dir);
  const entry = findProject(data_dir, id);
  if (entry === undefined) {
    const mend = root === undefined ? 'cpk projects list' : 'cpk init, if you trust it';
    return [failure(CHECK, `${root ?? id} is not registered on this machine`, mend)];
  }
  if (root !== undefined && entry.path !== root) {
    return [failure(CHECK, `${entry.name} is registered at ${entry.path}, not here`, 'cpk init')];
  }
  const worktree = files === undefined || files === root ? '' : `, seen from the worktree ${files}`;
  return [ok(CHECK, `${entry.name} in ${entry.path}${worktree}`)];
}

/** Whether its board is whole, wherever it lies. */
export function examineBoard(context: Context): Finding[] {
  const { place, data_dir } = context;
  const root = rootOf(context);
  if (root === undefined) return [];
  const file = databaseFileIn(root, data_dir);
  const kept = place?.id === undefined ? [] : listBackups(data_dir, place.id, file);
  const filesOf = (is: (why: string) => boolean) =>
    kept.filter(({ why }) => is(why)).map((backup) => backup.file);
  // What a restore has put aside may have been the damaged one.
  const backups = filesOf((why) => why !== 'replaced' && why !== 'legacy');
  const [legacy] = filesOf((why) => why === 'legacy');
  return examineDatabase(file, { backups, id: place?.id, legacy });
}

/** The folder of the project that is meant; undefined when there is none. */
export function rootOf({ place, data_dir }: Context): string | undefined {
  if (place?.root !== undefined || place?.id === undefined) return place?.root;
  return findProject(data_dir, place.id)?.path;
}
