import { posix } from 'node:path';

/** The folder of a path, without a slash at its end; '' is the project's root. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** A path seen from a folder of the project; null when it leaves the project. */
export function joinPath(folder: string, relative: string): string | null {
  const joined = posix.normalize(`${folder === '' ? '.' : folder}/${relative}`);
  if (joined === '..' || joined.startsWith('../')) return null;
  const path = joined.endsWith('/') ? joined.slice(0, -1) : joined;
  return path === '.' ? '' : path;
}

/** `path` relative to a folder that holds it; undefined when it does not. */
export function within(folder: string, path: string): string | undefined {
  if (folder === '') return path;
  return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
}

/** A folder and those around it, innermost first, the project's root last. */
export function* foldersUpwards(folder: string): Generator<string> {
  for (let at = folder; ; at = folderOf(at)) {
    yield at;
    if (at === '') return;
  }
}
