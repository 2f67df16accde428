import type { FileOutline } from '@codepakt/contract';
import type { Connection } from './connection.ts';
import { readNames } from './imported-names.ts';
import { requireFile } from './require-file.ts';
import { rowsOfFile } from './row-ids.ts';
import { staleFiles } from './stale-files.ts';

type Entry = FileOutline['symbols'][number];

interface EntryRow extends Omit<Entry, 'depth' | 'exported'> {
  parent: string | null;
  exported: number;
}

/**
 * All that a file declares, as a tree, and what it passes on.
 * @throws CodepaktError `file_not_found`
 */
export function outline(connection: Connection, root: string, path: string): FileOutline {
  const { id, language, lines, has_errors } = requireFile(connection, path);
  const rows = connection.all<EntryRow>(
    `SELECT name, kind, parent, start_line, end_line, exported, signature
     FROM symbols WHERE id BETWEEN ? AND ? ORDER BY id`,
    ...rowsOfFile(id),
  );
  return {
    file: path,
    language,
    lines,
    has_errors: has_errors === 1,
    symbols: withDepths(rows),
    passed_on: passedOn(connection, id),
    stale: staleFiles(connection, root, [path]).size > 0,
  };
}

interface PassedOnRow {
  id: number;
  line: number;
  names: string;
  source: string;
}

/** What it gives away that is declared elsewhere. */
function passedOn(connection: Connection, file: number): FileOutline['passed_on'] {
  const rows = connection.all<PassedOnRow>(
    `SELECT i.id, i.line, i.names, coalesce(min(p.path), i.specifier) AS source
     FROM imports i LEFT JOIN import_targets t ON t.import_id = i.id LEFT JOIN paths p ON p.id = t.target
     WHERE i.id BETWEEN ? AND ? AND i.kind = 'reexport' GROUP BY i.id ORDER BY i.id`,
    ...rowsOfFile(file),
  );
  return rows.map(({ line, names, source }) => ({ line, names: readNames(names), from: source }));
}

/** A symbol lies below the nearest one before it that bears the name of its parent. */
function withDepths(rows: readonly EntryRow[]): Entry[] {
  const around: string[] = [];
  return rows.map(({ parent, exported, ...entry }) => {
    while (around.length > 0 && around.at(-1) !== parent) around.pop();
    const depth = around.length;
    around.push(parent === null ? entry.name : `${parent}.${entry.name}`);
    return { ...entry, depth, exported: exported === 1 };
  });
}
