import type { ScanChanges } from '@codepakt/contract';
import type { LeanConnection } from './lean-connection.ts';

/** The tables whose new rows are prepared in the staged database. */
export const STAGED_TABLES = ['paths', 'files', 'symbols', 'imports', 'import_targets'] as const;

/** Makes the tables in the attached database; `words` holds the full-text form of names that differ from it. */
export function createStagedTables(connection: LeanConnection): void {
  // It is gone with the connection, so nothing of it has to survive anything.
  connection.first('PRAGMA staged.journal_mode = OFF');
  for (const sql of definitions(connection, 'table')) connection.run(sql);
  connection.run('CREATE TABLE staged.words (id INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT');
}

/**
 * Makes a full-text index of staged symbols too. Copying what FTS5 keeps of it takes a tenth of the
 * time that making it takes, but the index that it goes to must never have held anything.
 */
export function createStagedText(connection: LeanConnection): void {
  const [sql = ''] = connection
    .all<{ sql: string }>("SELECT sql FROM main.sqlite_schema WHERE name = 'symbols_fts'")
    .map((row) => row.sql.replace('VIRTUAL TABLE ', 'VIRTUAL TABLE staged.'));
  connection.run(sql);
  // Its parts are not merged here: changes to come will do so, little by little.
  connection.run(
    "INSERT INTO staged.symbols_fts (symbols_fts, rank) VALUES ('hashsize', 67108864), ('automerge', 0)",
  );
}

/** Adds the text of staged symbols from an id on to the index of what is staged, or to the real one. */
export function addText(connection: LeanConnection, to: 'staged' | 'main', from = 0): void {
  connection.run(
    `INSERT INTO ${to}.symbols_fts (rowid, name, signature, doc)
     SELECT id, coalesce(words, name), signature, doc
     FROM staged.symbols LEFT JOIN staged.words USING (id) WHERE id >= ?`,
    from,
  );
}

/** Copies the staged full-text index: see https://sqlite.org/fts5.html#the_fts5_on_disk_format */
export function copyText(connection: LeanConnection): void {
  connection.withShadowTables(() => {
    for (const part of ['data', 'idx', 'docsize']) {
      connection.run(`DELETE FROM main.symbols_fts_${part}`);
      connection.run(
        `INSERT INTO main.symbols_fts_${part} SELECT * FROM staged.symbols_fts_${part}`,
      );
    }
  });
}

/** To be called when the rows are there: sorting them once costs less than keeping them sorted. */
export function createStagedIndexes(connection: LeanConnection): void {
  for (const sql of definitions(connection, 'index')) connection.run(sql);
}

/** What made the real tables makes the staged ones: only like is copied page by page. */
function definitions(connection: LeanConnection, type: 'table' | 'index'): string[] {
  const rows = connection.all<{ sql: string }>(
    `SELECT sql FROM main.sqlite_schema
     WHERE type = ? AND sql IS NOT NULL AND tbl_name IN (SELECT value FROM json_each(?))
     ORDER BY rowid`,
    type,
    JSON.stringify(STAGED_TABLES),
  );
  return rows.map(({ sql }) => sql.replace(/^CREATE (TABLE|INDEX) /, 'CREATE $1 staged.'));
}

/** Stages the rows of all files that are not replaced; answers their symbols. */
export function stageWhatStays(
  connection: LeanConnection,
  replaced: readonly number[],
  relinked: ScanChanges['relinked'],
): { id: number; name: string }[] {
  const files = JSON.stringify(replaced);
  const others = (id: string) => `${id} NOT IN (SELECT value FROM json_each(?))`;
  const copy = (table: string, where: string, ...values: string[]) =>
    connection.run(
      `INSERT INTO staged.${table} SELECT * FROM main.${table} WHERE ${where}`,
      ...values,
    );
  copy('paths', 'true');
  copy('files', others('id'), files);
  copy('symbols', others('id >> 21'), files);
  copy('imports', others('id >> 21'), files);
  copy(
    'import_targets',
    `${others('import_id >> 21')} AND ${others('import_id')}`,
    files,
    JSON.stringify(relinked.map(({ id }) => id)),
  );
  return connection.all(`SELECT id, name FROM main.symbols WHERE ${others('id >> 21')}`, files);
}
