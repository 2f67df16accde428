import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { CodepaktError } from '@codepakt/contract/light';
import { databaseFileIn, findProject } from '@codepakt/core/light';
import type { Context } from '../context.ts';
import { whatLiesAt } from '../what-lies-at.ts';

/** Which files are meant, and where what is known of them lies. */
export interface IndexPlace {
  /** The folder whose files are indexed: the project's, or the same one in a linked worktree. */
  root: string;
  /** The database with the index: the board's, or the worktree's own. */
  index: string;
  board: string;
  is_worktree: boolean;
}

/** @throws CodepaktError `project_not_found` */
export function requireIndexPlace({ place, data_dir }: Context): IndexPlace {
  const root = place?.root ?? (place?.id === undefined ? undefined : rootOf(place.id, data_dir));
  if (root === undefined) {
    throw new CodepaktError('project_not_found', 'there is no board here or in a folder above', {
      hint: 'Make one: cpk init',
    });
  }
  const files = place?.files ?? root;
  const board = databaseFileIn(root, data_dir);
  const is_worktree = files !== root;
  return {
    root: files,
    index: is_worktree ? worktreeIndex(files) : board,
    board,
    is_worktree,
  };
}

function rootOf(id: string, data_dir: string): string {
  const project = findProject(data_dir, id);
  if (project !== undefined) return project.path;
  throw new CodepaktError('project_not_found', `there is no project ${id} on this machine`, {
    hint: '`cpk projects list` shows those that there are.',
  });
}

/**
 * In the worktree's own git directory, which goes with the worktree. A project in a folder of the
 * repository has a folder there too, so that several don't get in each other's way.
 */
function worktreeIndex(files: string): string {
  for (let folder = files; ; folder = dirname(folder)) {
    const link = join(folder, '.git');
    if (statSync(link, { throwIfNoEntry: false })?.isFile() === true) {
      const gitdir = /^gitdir: (.+?)\s*$/m.exec(readFileSync(link, 'utf8'))?.[1] ?? '';
      return join(resolve(folder, gitdir), 'codepakt', relative(folder, files), 'index.db');
    }
    if (dirname(folder) === folder) throw new Error(`${files} is in no worktree`);
  }
}

/**
 * A file as the index names it, given as one types it: relative to where one stands, absolute, or
 * relative to the project's root; also with a line after it, or as Windows writes it.
 * @throws CodepaktError `file_not_found` when it lies outside of the project
 */
export function toIndexPath(given: string, { root }: IndexPlace, cwd: string): string {
  const typed = asTyped(given, cwd);
  const place = resolve(cwd, typed);
  const isThere = whatLiesAt(place) !== undefined;
  const fromRoot = isThere && !isBelow(root, place) ? throughLinks(root, place) : place;
  if (!isBelow(root, fromRoot) && (isThere || isAbsolute(typed))) {
    throw new CodepaktError('file_not_found', `${given} lies outside of the project`, {
      hint: `The index is of ${root}.`,
    });
  }
  const isHere = isThere || isAbsolute(typed);
  const path = isHere ? relative(root, fromRoot) : relative('/', resolve('/', typed));
  return `${path.split(sep).join('/')}${typed.endsWith('/') && path !== '' ? '/' : ''}`;
}

function isBelow(root: string, place: string): boolean {
  const way = relative(root, place);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** The same place below the root, when a link on the way to either hides that. */
function throughLinks(root: string, place: string): string {
  return resolve(root, relative(realpathSync(root), realpathSync(place)));
}

/** Without what no file's name ends with here, `:12` and `:12:3`, and with our own slashes. */
function asTyped(given: string, cwd: string): string {
  if (!/[\\:]/.test(given) || whatLiesAt(resolve(cwd, given)) !== undefined) return given;
  return given.replaceAll('\\', '/').replace(/(?<=.)(?::\d+){1,2}$/, '');
}
