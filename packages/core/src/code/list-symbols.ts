import type { SymbolHits, SymbolQuery } from '@codepakt/contract';
import type { Connection } from './connection.ts';
import { symbolFilter } from './symbol-filter.ts';
import { SYMBOL_COLUMNS, type SymbolRow, toHits } from './symbol-row.ts';

const LIMIT = 100;

/** Symbols of any name, file by file, in the order of the text. */
export function listSymbols(connection: Connection, root: string, query: SymbolQuery): SymbolHits {
  const limit = query.limit ?? LIMIT;
  const filter = symbolFilter(query);
  const rows = connection.all<SymbolRow>(
    `SELECT ${SYMBOL_COLUMNS} FROM paths p
     JOIN files f ON f.id = p.id
     JOIN symbols s ON s.id BETWEEN f.id * 2097152 AND f.id * 2097152 + 2097151
     WHERE true${filter.sql} ORDER BY p.path, s.id LIMIT ?`,
    ...filter.values,
    limit + 1,
  );
  return { items: toHits(connection, root, rows.slice(0, limit)), more: rows.length > limit };
}
