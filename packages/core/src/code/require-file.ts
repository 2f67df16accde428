import type { SkippedFile, SkipReason } from '@codepakt/contract';
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
  const file = findFile(connection, path);
  if (file !== undefined) return file;
  throw notIndexed(connection, path);
}

export function isIndexed(connection: Connection, path: string): boolean {
  return findFile(connection, path) !== undefined;
}

function findFile(connection: Connection, path: string): IndexedFile | undefined {
  return connection.first(
    `SELECT id, path, language, lines, has_errors, hash, package
     FROM paths JOIN files USING (id) WHERE path = ?`,
    path,
  );
}

/**
 * Of a file or a folder that must be in the index.
 * @throws CodepaktError `file_not_found`
 */
export function requirePlace(connection: Connection, path: string): void {
  if (path !== '.' && !holdsFiles(connection, path)) requireFile(connection, path);
}

/** The error for a path that is not in the index, or is that of no file. */
export function notIndexed(connection: Connection, path: string): CodepaktError {
  if (path === '' || path === '.' || holdsFiles(connection, path)) {
    const folder = path.replace(/\/+$/, '') || '.';
    return new CodepaktError('file_not_found', `${folder} is a folder, and a file is asked for`, {
      hint: `\`cpk code symbols --file ${folder}\` lists what is declared in it.`,
    });
  }
  const reason = reasonOf(connection, path);
  if (reason !== undefined) {
    return new CodepaktError('file_not_found', `${path} is not in the index: ${reason}`, {
      hint: 'Read it as it is, or leave it out by .codepaktignore.',
    });
  }
  const guess = likelyPath(connection, path);
  const hint =
    guess === undefined
      ? 'It may be new (`cpk scan`), ignored, or of a language that is not read.'
      : `Did you mean ${guess}?`;
  return new CodepaktError('file_not_found', `${path} is not in the index`, { hint });
}

function holdsFiles(connection: Connection, path: string): boolean {
  const folder = path.endsWith('/') ? path : `${path}/`;
  const file = connection.first(
    'SELECT 1 FROM paths JOIN files USING (id) WHERE path > ? AND path < ? LIMIT 1',
    folder,
    `${folder}\u{10ffff}`,
  );
  return file !== undefined;
}

const REASONS: Record<SkipReason, string> = {
  too_large: 'it is over 2 MiB',
  binary: 'it is no text',
  minified: 'it is minified, with a line of over 20,000 characters',
  too_complex: 'the parser gave up on it',
  unreadable: 'it could not be read',
};

/** Why the last scan left a file out; undefined when it did not. */
function reasonOf(connection: Connection, path: string): string | undefined {
  const state = connection.first<{ skipped: string }>('SELECT skipped FROM code_index');
  const skipped = JSON.parse(state?.skipped ?? '[]') as SkippedFile[];
  const found = skipped.find((file) => file.path === path);
  return found && REASONS[found.reason];
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
