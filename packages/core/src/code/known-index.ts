import type {
  FileStamp,
  KnownFile,
  KnownImport,
  KnownIndex,
  SkippedFile,
} from '@codepakt/contract';
import type { Connection } from './connection.ts';
import { readNames } from './imported-names.ts';
import { rowsOfFile } from './row-ids.ts';

interface ImportRow {
  id: number;
  importer: string;
  specifier: string;
  kind: KnownImport['kind'];
  line: number;
  names: string;
  target: string | null;
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
    imports: () => knownImports(connection),
  };
}

const EVERY_ROW: [first: number, last: number] = [0, Number.MAX_SAFE_INTEGER];

function knownFile(connection: Connection, path: string): KnownFile | undefined {
  const row = connection.first<FileStamp & { id: number }>(
    `SELECT id, path, language, size, mtime, hash, extractor_version
     FROM files JOIN paths USING (id) WHERE path = ?`,
    path,
  );
  if (row === undefined) return undefined;
  const { id, ...stamp } = row;
  return { stamp, imports: knownImports(connection, rowsOfFile(id)) };
}

function knownImports(
  connection: Connection,
  [first, last]: [first: number, last: number] = EVERY_ROW,
): KnownImport[] {
  const rows = connection.iterate<ImportRow>(
    `SELECT i.id, importer.path AS importer, i.specifier, i.kind, i.line, i.names,
       target.path AS target
     FROM imports i
     JOIN paths importer ON importer.id = i.id >> 21
     LEFT JOIN import_targets t ON t.import_id = i.id
     LEFT JOIN paths target ON target.id = t.target
     WHERE i.id BETWEEN ? AND ?
     ORDER BY i.id`,
    first,
    last,
  );
  const imports: KnownImport[] = [];
  for (const { target, names, ...row } of rows) {
    let last = imports.at(-1);
    if (last?.id !== row.id) {
      last = { ...row, names: readNames(names), resolved: [] };
      imports.push(last);
    }
    if (target !== null) last.resolved.push(target);
  }
  for (const { resolved } of imports) if (resolved.length > 1) resolved.sort();
  return imports;
}
