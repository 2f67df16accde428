import { CodepaktError } from '@codepakt/contract/light';
import { databaseFileIn, findProject } from '@codepakt/core/light';
import type { Context } from './context.ts';
import { refuseCopy } from './refuse-copy.ts';

/** A board by its file, for what is done without the server. */
export interface BoardPlace {
  id: string;
  /** The project's folder. */
  root: string;
  database: string;
}

/**
 * The board where the command stands, or that `--project` names.
 * @throws CodepaktError `project_not_found`
 */
export function requireBoardPlace({ place, data_dir }: Context): BoardPlace {
  if (place?.id === undefined) {
    throw new CodepaktError('project_not_found', 'there is no board here or in a folder above', {
      hint: 'Go to its folder, or name it with --project ID; `cpk projects list` shows the ids.',
    });
  }
  refuseCopy(place, data_dir);
  const { id } = place;
  const root = place.root ?? findProject(data_dir, id)?.path;
  if (root !== undefined) return { id, root, database: databaseFileIn(root, data_dir) };
  throw new CodepaktError('project_not_found', `there is no project ${id} on this machine`, {
    hint: '`cpk projects list` shows those that there are.',
  });
}
