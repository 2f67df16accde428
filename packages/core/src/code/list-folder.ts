import type { CodeFolder } from '@codepakt/contract';
import type { Connection } from './connection.ts';

/** What lies directly in a folder of the index, `''` being the project's root: folders, then files. */
export function listFolder(connection: Connection, folder: string): CodeFolder {
  const prefix = folder === '' ? '' : `${folder.replace(/\/+$/, '')}/`;
  // A range of the index over paths: everything that begins with the prefix.
  const rows = connection.all<{ path: string; lines: number }>(
    'SELECT path, lines FROM paths JOIN files USING (id) WHERE path >= ? AND path < ? ORDER BY path',
    prefix,
    `${prefix}\u{10ffff}`,
  );
  const folders = new Map<string, number>();
  const files: CodeFolder['files'] = [];
  for (const { path, lines } of rows) {
    const rest = path.slice(prefix.length);
    const slash = rest.indexOf('/');
    if (slash < 0) files.push({ file: path, lines });
    else {
      const name = prefix + rest.slice(0, slash + 1);
      folders.set(name, (folders.get(name) ?? 0) + 1);
    }
  }
  return {
    folder: prefix,
    folders: [...folders].map(([file, count]) => ({ file, count })),
    files,
  };
}
