import type { SymbolHit } from '@codepakt/contract';
import type { Connection } from './connection.ts';
import { staleFiles } from './stale-files.ts';

export interface SymbolRow {
  id: number;
  name: string;
  kind: SymbolHit['kind'];
  parent: string | null;
  file: string;
  line: number;
  start_line: number;
  end_line: number;
  exported: number;
  signature: string;
  doc: string | null;
  is_test: number;
}

/** What a `SymbolRow` has, from the tables below. */
export const SYMBOL_COLUMNS = `s.id, s.name, s.kind, s.parent, p.path AS file, s.line,
  s.start_line, s.end_line, s.exported, s.signature, s.doc, f.is_test`;

export const SYMBOLS_WITH_FILES =
  'symbols s JOIN files f ON f.id = s.id >> 21 JOIN paths p ON p.id = f.id';

/** The rows of these ids, in the order given. */
export function symbolsById(connection: Connection, ids: readonly number[]): SymbolRow[] {
  return connection.all(
    `SELECT ${SYMBOL_COLUMNS}
     FROM json_each(?) wanted CROSS JOIN ${SYMBOLS_WITH_FILES}
     WHERE s.id = wanted.value ORDER BY wanted.key`,
    JSON.stringify(ids),
  );
}

/** Rows as they are answered, with what is known of their files' freshness. */
export function toHits(
  connection: Connection,
  root: string,
  rows: readonly SymbolRow[],
): SymbolHit[] {
  const files = rows.map(({ file }) => file);
  const stale = staleFiles(connection, root, files);
  return rows.map(({ name, kind, parent, file, line, end_line, exported, signature, doc }) => ({
    name,
    kind,
    parent,
    file,
    line,
    end_line,
    exported: exported === 1,
    signature,
    doc,
    stale: stale.has(file),
  }));
}
