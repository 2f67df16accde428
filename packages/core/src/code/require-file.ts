import { CodepaktError, nearest } from '@codepakt/contract/light';
import type { Connection } from './connection.ts';

export interface IndexedFile {
  id: number;
  path: string;
  language: string;
  lines: number;
  has_errors: number;
  hash: string;
  package: number | null;
}

/**
 * A file of the index by its path.
 * @throws CodepaktError `file_not_found` naming one that may be meant
 */
export function requireFile(connection: Connection, path: string): IndexedFile {
  const file = connection.first<IndexedFile>(
    `SELECT id, path, language, lines, has_errors, hash, package
     FROM paths JOIN files USING (id) WHERE path = ?`,
    path,
  );
  if (file !== undefined) return file;
  throw notIndexed(connection, path);
}

/** The error for a path that is not in the index. */
export function notIndexed(connection: Connection, path: string): CodepaktError {
  const guess = likelyPath(connection, path);
  const hint =
    guess === undefined
      ? 'It may be new (`cpk scan`), ignored, or of a language that is not read.'
      : `Did you mean ${guess}?`;
  return new CodepaktError('file_not_found', `${path} is not in the index`, { hint });
}

/** A file of the same name, else of one that differs in little. */
function likelyPath(connection: Connection, path: string): string | undefined {
  const paths = connection
    .all<{ path: string }>('SELECT path FROM paths JOIN files USING (id)')
    .map((row) => row.path);
  const byName = Map.groupBy(paths, nameOf);
  const name = nameOf(path);
  const likely = byName.get(name) ?? byName.get(nearest(name, [...byName.keys()]) ?? '') ?? [];
  return nearest(path, likely) ?? likely[0];
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
