import type {
  FileStamp,
  KnownFile,
  KnownImport,
  KnownIndex,
  SkippedFile,
} from '@codepakt/contract';
import type { Connection } from './connection.ts';
import { readNames } from './imported-names.ts';
import { fileOfRow, rowsOfFile } from './row-ids.ts';

interface ImportRow {
  id: number;
  specifier: string;
  kind: KnownImport['kind'];
  line: number;
  names: string;
  /** The id of a path. */
  target: number | null;
}

/**
 * What the index holds, as the scanner compares it with the tree. Its files are read when they are
 * asked for: after another scan was stored meanwhile they may be of that one.
 */
export function knownIndex(connection: Connection): KnownIndex {
  const state = connection.first<{ layout: string | null; skipped: string }>(
    'SELECT layout, skipped FROM code_index',
  );
  let files: FileStamp[] | undefined;
  return {
    get files() {
      files ??= connection.all<FileStamp>(
        `SELECT path, language, size, mtime, hash, extractor_version
         FROM files JOIN paths USING (id) ORDER BY path`,
      );
      return files;
    },
    file: (path) => knownFile(connection, path),
    skipped: JSON.parse(state?.skipped ?? '[]') as SkippedFile[],
    layout: state?.layout ?? null,
    imports: (names) => knownImports(connection, { paths: allPaths(connection), names }),
  };
}

function knownFile(connection: Connection, path: string): KnownFile | undefined {
  const row = connection.first<FileStamp & { id: number }>(
    `SELECT id, path, language, size, mtime, hash, extractor_version
     FROM files JOIN paths USING (id) WHERE path = ?`,
    path,
  );
  if (row === undefined) return undefined;
  const { id, ...stamp } = row;
  const [first, last] = rowsOfFile(id);
  const paths = connection.all<PathRow>(
    `SELECT id, path FROM paths
     WHERE id = ? OR id IN (SELECT target FROM import_targets WHERE import_id BETWEEN ? AND ?)`,
    id,
    first,
    last,
  );
  return {
    stamp,
    imports: [...knownImports(connection, { paths: toMap(paths), range: [first, last] })],
  };
}

interface PathRow {
  id: number;
  path: string;
}

function allPaths(connection: Connection): Map<number, string> {
  return toMap(connection.all<PathRow>('SELECT id, path FROM paths'));
}

function toMap(rows: PathRow[]): Map<number, string> {
  return new Map(rows.map(({ id, path }) => [id, path]));
}

interface Wanted {
  paths: ReadonlyMap<number, string>;
  /** The first and last id. */
  range?: [first: number, last: number];
  names?: readonly string[] | undefined;
}

/** One by one, since there are very many. Paths come apart from them: each is told once that way. */
function* knownImports(
  connection: Connection,
  { paths, range: [first, last] = [0, Number.MAX_SAFE_INTEGER], names }: Wanted,
): Generator<KnownImport> {
  const rows = connection.iterate<ImportRow>(
    `SELECT i.id, i.specifier, i.kind, i.line, i.names, t.target
     FROM imports i LEFT JOIN import_targets t ON t.import_id = i.id
     WHERE i.id BETWEEN ? AND ? ${names === undefined ? '' : MAY_MEAN}
     ORDER BY i.id`,
    first,
    last,
    ...(names === undefined ? [] : [JSON.stringify(names)]),
  );
  let one: KnownImport | undefined;
  for (const { id, specifier, kind, line, names, target } of rows) {
    if (one?.id !== id) {
      if (one) yield one;
      const importer = paths.get(fileOfRow(id)) ?? '';
      one = { id, importer, specifier, kind, line, names: readNames(names), resolved: [] };
    }
    if (target === null) continue;
    one.resolved.push(paths.get(target) ?? '');
    if (one.resolved.length > 1) one.resolved.sort();
  }
  if (one) yield one;
}

/** An import that is no relative path, is one of a folder, or has one of the names after a slash. */
const MAY_MEAN = `AND (
  i.specifier NOT GLOB './*' AND i.specifier NOT GLOB '../*' OR i.specifier GLOB '*[./]'
  OR EXISTS (SELECT 1 FROM json_each(?) WHERE instr(i.specifier, '/' || value) > 0))`;
