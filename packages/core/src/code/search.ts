import type { CodeSearchQuery, SymbolHits } from '@codepakt/contract';
import { ftsQuery } from '../database/fts-query.ts';
import type { Connection } from './connection.ts';
import { SYMBOL_COLUMNS, SYMBOLS_WITH_FILES, type SymbolRow, toHits } from './symbol-row.ts';
import { lettersOf } from './symbol-words.ts';

const LIMIT = 10;

/** Full text over the names, signatures and docs of symbols, the best first. */
export function search(
  connection: Connection,
  root: string,
  { q, limit = LIMIT }: CodeSearchQuery,
): SymbolHits {
  const words = q
    .split(/[\s\0]+/u)
    .filter((word) => !GRAMMAR.test(word))
    .flatMap((word) => ftsQuery(word) ?? []);
  const all = ftsQuery(q);
  if (all === null) return { items: [], more: false };
  // “user service” means UserService before any other that has these words.
  const name = lettersOf(q);
  let rows = match(connection, all, name, limit);
  // Questions have words that no code has: then some of them must do.
  if (rows.length === 0 && words.length > 0) {
    rows = match(connection, words.join(' OR '), name, limit);
  }
  return { items: toHits(connection, root, rows.slice(0, limit)), more: rows.length > limit };
}

/** What holds a question together and says nothing of what is looked for. */
const GRAMMAR =
  /^(?:a|an|and|are|by|can|do|does|for|from|how|i|in|is|it|of|on|or|the|to|we|what|when|where|which|who|why|with)\??$/i;

/** A name says most, a doc more than a signature; what is exported and no test counts more. */
function match(connection: Connection, query: string, name: string, limit: number): SymbolRow[] {
  return connection.all(
    `SELECT ${SYMBOL_COLUMNS}
     FROM symbols_fts CROSS JOIN ${SYMBOLS_WITH_FILES}
     WHERE symbols_fts MATCH ? AND s.id = symbols_fts.rowid
     ORDER BY bm25(symbols_fts, 10.0, 1.0, 3.0)
       * CASE s.exported WHEN 1 THEN 1.2 ELSE 1.0 END
       * CASE f.is_test WHEN 1 THEN 0.5 ELSE 1.0 END
       * CASE WHEN s.name = ? COLLATE NOCASE THEN 3.0 ELSE 1.0 END, s.id
     LIMIT ?`,
    query,
    name,
    limit + 1,
  );
}
