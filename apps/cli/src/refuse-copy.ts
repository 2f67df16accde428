import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { CodepaktError } from '@codepakt/contract/light';
import type { ProjectPlace } from './find-project.ts';
import { readJsonFile } from './settings.ts';

/**
 * A folder that was copied together with its `.codepakt/` still names the original's project; a
 * command in it must not change the original's board. (One that was moved may: nobody else is it.)
 * @throws CodepaktError `project_not_found`
 */
export function refuseCopy({ id, root }: ProjectPlace, data_dir: string): void {
  if (id === undefined || root === undefined || !/^[\w-]+$/.test(id)) return;
  const entry = readJsonFile<{ path?: unknown }>(join(data_dir, 'projects', id, 'project.json'));
  const path = entry?.path;
  if (typeof path !== 'string' || path === root || path === realpathSync(root)) return;
  const original = readJsonFile<{ project_id?: unknown }>(join(path, '.codepakt', 'config.json'));
  if (original?.project_id !== id) return;
  throw new CodepaktError('project_not_found', `${root} is a copy of the project in ${path}`, {
    hint: 'Run `cpk init` here: the copy becomes a project of its own.',
    details: { copy_of: path },
  });
}
