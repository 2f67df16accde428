import type { FileImports } from '@codepakt/contract';
import type { Connection } from './connection.ts';
import { readNames } from './imported-names.ts';
import { requireFile } from './require-file.ts';
import { rowsOfFile } from './row-ids.ts';
import { staleFiles } from './stale-files.ts';

type Import = FileImports['imports'][number];

interface ImportRow extends Omit<Import, 'names' | 'resolved'> {
  id: number;
  names: string;
  target: string | null;
}

/**
 * What a file imports, in the order of the text.
 * @throws CodepaktError `file_not_found`
 */
export function imports(connection: Connection, root: string, path: string): FileImports {
  const { id } = requireFile(connection, path);
  const rows = connection.all<ImportRow>(
    `SELECT i.id, i.line, i.kind, i.specifier, i.names, p.path AS target
     FROM imports i
     LEFT JOIN import_targets t ON t.import_id = i.id
     LEFT JOIN paths p ON p.id = t.target
     WHERE i.id BETWEEN ? AND ? ORDER BY i.id, p.path`,
    ...rowsOfFile(id),
  );
  const found = new Map<number, Import>();
  for (const { id: row, names, target, ...rest } of rows) {
    const known = found.get(row) ?? { ...rest, names: readNames(names), resolved: [] };
    found.set(row, known);
    if (target !== null) known.resolved.push(target);
  }
  const stale = staleFiles(connection, root, [path]).size > 0;
  return { file: path, imports: [...found.values()], stale };
}
