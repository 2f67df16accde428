import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { readJsonFile } from './settings.ts';
import { whatLiesAt } from './what-lies-at.ts';

/** Where a command stands. */
export interface ProjectPlace {
  /** Undefined when the folder's config names none, as those of old boards may. */
  id: string | undefined;
  /** The folder that holds the board's `.codepakt/`; undefined when the project was named by its id. */
  root: string | undefined;
  /** Where the files are that one works on: `root`, or the same folder in a linked git worktree. */
  files: string | undefined;
  /** The server's address in the project's config, trusted only when it is loopback. */
  url: string | undefined;
}

interface ProjectConfig {
  project_id?: unknown;
  url?: unknown;
}

/**
 * The nearest project from a folder upwards. A linked git worktree has no board of its own, even
 * where `.codepakt/` is checked out in it: the board is the main checkout's.
 */
export function findProject(start: string, data_dir: string): ProjectPlace | undefined {
  const folders = ancestorsOf(start);
  const inRepository = folders.findIndex((folder) => kindOf(join(folder, '.git')) !== undefined);
  const repository = folders[inRepository];
  const main = repository === undefined ? undefined : mainCheckoutOf(repository);
  if (repository !== undefined && main !== undefined) {
    for (const folder of folders.slice(0, inRepository + 1)) {
      const place = placeAt(join(main, relative(repository, folder)), data_dir);
      if (place !== undefined) return { ...place, files: folder };
    }
  }
  for (const folder of folders) {
    const place = placeAt(folder, data_dir);
    if (place !== undefined) return place;
  }
  return undefined;
}

/** The folder of the main checkout when this one is a linked worktree's. */
function mainCheckoutOf(folder: string): string | undefined {
  const link = join(folder, '.git');
  if (kindOf(link) !== 'file') return undefined;
  const gitdir = /^gitdir: (.+?)\s*$/m.exec(readFileSync(link, 'utf8'))?.[1];
  if (gitdir === undefined) return undefined;
  const ofWorktree = resolve(folder, gitdir);
  const commondir = join(ofWorktree, 'commondir');
  // A submodule's `.git` is a file too, but it has a repository of its own.
  if (kindOf(commondir) !== 'file') return undefined;
  const common = resolve(ofWorktree, readFileSync(commondir, 'utf8').trim());
  return basename(common) === '.git' ? dirname(common) : undefined;
}

function placeAt(root: string, data_dir: string): ProjectPlace | undefined {
  const folder = join(root, '.codepakt');
  // The default data directory has the name of a project's folder.
  if (folder === data_dir) return undefined;
  const config = readJsonFile<ProjectConfig>(join(folder, 'config.json'));
  const id = textOf(config?.project_id);
  if (id === undefined && kindOf(join(folder, 'data.db')) === undefined) return undefined;
  return { id, root, files: root, url: textOf(config?.url) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function ancestorsOf(start: string): string[] {
  const folders = [resolve(start)];
  for (;;) {
    const last = folders.at(-1) ?? '/';
    const parent = dirname(last);
    if (parent === last) return folders;
    folders.push(parent);
  }
}

function kindOf(path: string): 'file' | 'folder' | undefined {
  const found = whatLiesAt(path);
  if (found === undefined) return undefined;
  return found.isDirectory() ? 'folder' : 'file';
}
