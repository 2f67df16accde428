import { LeanConnection } from '../code/lean-connection.ts';

/**
 * All that an index holds, without what may differ between two indexes of the same tree: ids, and
 * when it was looked at. Two of them are equal when every question has the same answer.
 */
export function dumpIndex(file: string): Record<string, unknown>[] {
  const connection = new LeanConnection(file, { readonly: true });
  try {
    return connection.snapshot(() => [
      ...connection.all<Record<string, unknown>>(
        `SELECT p.path, f.language, f.hash, f.extractor_version, f.lines,
           f.has_errors, f.is_test, package.path AS package, f.symbols, f.imports
         FROM files f JOIN paths p USING (id) LEFT JOIN paths package ON package.id = f.package
         ORDER BY p.path`,
      ),
      ...connection.all<Record<string, unknown>>(
        `SELECT p.path, s.id & 2097151 AS number, s.name, s.kind, s.parent, s.line, s.column,
           s.start_line, s.end_line, s.exported, s.signature, s.doc, s.metadata
         FROM symbols s LEFT JOIN paths p ON p.id = s.id >> 21 ORDER BY p.path, s.id`,
      ),
      ...connection.all<Record<string, unknown>>(
        `SELECT p.path, i.id & 2097151 AS number, i.specifier, i.kind, i.line, i.names,
           (SELECT json_group_array(target.path || t.types ORDER BY target.path) FROM import_targets t
            LEFT JOIN paths target ON target.id = t.target WHERE t.import_id = i.id) AS targets
         FROM imports i LEFT JOIN paths p ON p.id = i.id >> 21 ORDER BY p.path, i.id`,
      ),
      ...connection.all<Record<string, unknown>>(
        `SELECT count(*) AS searchable, (SELECT count(*) FROM symbols) AS symbols
         FROM symbols_fts`,
      ),
    ]);
  } finally {
    connection.close();
  }
}

/** The symbols whose name, signature or doc has a word: `path#number`, sorted. */
export function dumpWord(file: string, word: string): string[] {
  const connection = new LeanConnection(file, { readonly: true });
  try {
    const rows = connection.all<{ symbol: string }>(
      `SELECT p.path || '#' || (symbols_fts.rowid & 2097151) AS symbol
       FROM symbols_fts LEFT JOIN paths p ON p.id = symbols_fts.rowid >> 21
       WHERE symbols_fts MATCH ? ORDER BY symbol`,
      `"${word}"`,
    );
    return rows.map(({ symbol }) => symbol);
  } finally {
    connection.close();
  }
}
