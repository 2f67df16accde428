import type { FileRecord, ImportRecord, ScanChanges, SymbolRecord } from '@codepakt/contract';
import { writeNames } from './imported-names.ts';
import { isTestFile } from './is-test-file.ts';
import type { LeanConnection } from './lean-connection.ts';
import { rowId } from './row-ids.ts';
import { nameForSearch } from './symbol-words.ts';

/** The tables whose new rows are prepared in the staged database. */
export const STAGED_TABLES = ['paths', 'files', 'symbols', 'imports', 'import_targets'] as const;

/** From this share of the files on, writing the whole index anew holds the lock for less time. */
const WHOLE_FROM = 1 / 10;

export interface StagedScan {
  /** The ids of known files whose rows go: those that changed and those that are gone. */
  replaced: number[];
  /** What is staged is the whole index, not only what changed. */
  isWhole: boolean;
}

/** Opens an empty temporary database as `staged`; see `stageScan`. */
export function attachStage(connection: LeanConnection): void {
  connection.run("ATTACH '' AS staged");
}

/** Frees what was staged. */
export function detachStage(connection: LeanConnection): void {
  connection.run('DETACH staged');
}

/**
 * Writes all rows that a scan brings into the attached database, into tables just like the real
 * ones. That takes most of the time, and nobody waits for it: what is left to do under the lock is
 * copying, which SQLite does page by page where it can.
 */
export function stageScan(connection: LeanConnection, changes: ScanChanges): StagedScan {
  // The database is gone with the connection, so nothing of it has to survive anything.
  connection.first('PRAGMA staged.journal_mode = OFF');
  createTables(connection);
  // Not `connection.transaction`: that would lock the real database too.
  connection.run('BEGIN');
  try {
    return connection.guard(() => stageRows(connection, changes));
  } finally {
    connection.run('COMMIT');
  }
}

function stageRows(connection: LeanConnection, changes: ScanChanges): StagedScan {
  const { parsed, removed, relinked } = changes;
  const replaced = filesOf(connection, [...parsed.map(({ path }) => path), ...removed]);
  const isWhole = replaced.length >= countFiles(connection) * WHOLE_FROM;
  if (isWhole) stageWhatStays(connection, replaced, relinked);
  const stage = new Stage(connection);
  // Ids in the order of the files: then rows are always appended, never squeezed in between.
  for (const { path } of parsed) stage.pathId(path);
  for (const file of parsed) stage.addFile(file);
  for (const { id, resolved } of relinked) stage.addTargets(id, resolved);
  createIndexes(connection);
  return { replaced, isWhole };
}

function filesOf(connection: LeanConnection, paths: readonly string[]): number[] {
  return paths.flatMap((path) => {
    const file = connection.first<{ id: number }>(
      'SELECT id FROM main.files JOIN main.paths USING (id) WHERE path = ?',
      path,
    );
    return file === undefined ? [] : [file.id];
  });
}

function countFiles(connection: LeanConnection): number {
  return connection.first<{ n: number }>('SELECT count(*) AS n FROM main.files')?.n ?? 0;
}

/** All rows of the real tables but those that are replaced. */
function stageWhatStays(
  connection: LeanConnection,
  replaced: readonly number[],
  relinked: ScanChanges['relinked'],
): void {
  const files = JSON.stringify(replaced);
  const others = (file: string) => `${file} NOT IN (SELECT value FROM json_each(?))`;
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
  const addWords = wordsInserter(connection);
  const symbols = connection.all<{ id: number; name: string }>(
    'SELECT id, name FROM staged.symbols',
  );
  for (const { id, name } of symbols) addWords(id, name);
}

function createTables(connection: LeanConnection): void {
  for (const sql of definitions(connection, 'table')) connection.run(sql);
  connection.run('CREATE TABLE staged.words (id INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT');
}

/** To be called when the rows are there: sorting them once costs less than keeping them sorted. */
function createIndexes(connection: LeanConnection): void {
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

function wordsInserter(connection: LeanConnection): (id: number, name: string) => void {
  const insert = connection.inserter<[number, string]>('INSERT INTO staged.words VALUES (?, ?)');
  return (id, name) => {
    const words = nameForSearch(name);
    if (words !== name) insert(id, words);
  };
}

class Stage {
  readonly #connection: LeanConnection;
  readonly #ids = new Map<string, number>();
  #lastId: number;
  readonly #insertSymbol;
  readonly #insertWords;
  readonly #insertImport;
  readonly #insertTarget;

  constructor(connection: LeanConnection) {
    this.#connection = connection;
    const last = connection.first<{ id: number | null }>('SELECT max(id) AS id FROM main.paths');
    this.#lastId = last?.id ?? 0;
    this.#insertSymbol = connection.inserter(
      'INSERT INTO staged.symbols VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    );
    this.#insertWords = wordsInserter(connection);
    this.#insertImport = connection.inserter('INSERT INTO staged.imports VALUES (?, ?, ?, ?, ?)');
    this.#insertTarget = connection.inserter<[number, number]>(
      'INSERT OR IGNORE INTO staged.import_targets VALUES (?, ?)',
    );
  }

  addFile(file: FileRecord): void {
    const id = this.pathId(file.path);
    this.#connection.run(
      'INSERT INTO staged.files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      id,
      file.language,
      file.size,
      file.mtime,
      file.hash,
      file.extractor_version,
      file.lines,
      Number(file.has_errors),
      Number(isTestFile(file.path)),
      file.package === null ? null : this.pathId(file.package),
      file.symbols.length,
      file.imports.length,
    );
    let row = rowId(id, 0);
    for (const symbol of file.symbols) this.#addSymbol(row++, symbol);
    row = rowId(id, 0);
    for (const imported of file.imports) this.#addImport(row++, imported);
  }

  addTargets(importId: number, resolved: readonly string[]): void {
    for (const path of resolved) this.#insertTarget(importId, this.pathId(path));
  }

  /** The id that a path has, or will have. */
  pathId(path: string): number {
    const known = this.#ids.get(path) ?? this.#storedId(path);
    const id = known ?? ++this.#lastId;
    this.#ids.set(path, id);
    if (known === undefined) {
      this.#connection.run('INSERT INTO staged.paths VALUES (?, ?)', id, path);
    }
    return id;
  }

  #storedId(path: string): number | undefined {
    return this.#connection.first<{ id: number }>('SELECT id FROM main.paths WHERE path = ?', path)
      ?.id;
  }

  #addSymbol(id: number, symbol: SymbolRecord): void {
    this.#insertSymbol(
      id,
      symbol.name,
      symbol.kind,
      symbol.parent,
      symbol.line,
      symbol.column,
      symbol.start_line,
      symbol.end_line,
      symbol.exported ? 1 : 0,
      symbol.signature,
      symbol.doc,
      metadataText(symbol.metadata),
    );
    this.#insertWords(id, symbol.name);
  }

  #addImport(id: number, { specifier, kind, line, names, resolved }: ImportRecord): void {
    this.#insertImport(id, specifier, kind, line, writeNames(names));
    this.addTargets(id, resolved);
  }
}

function metadataText(metadata: SymbolRecord['metadata']): string | null {
  for (const _ in metadata) return JSON.stringify(metadata);
  return null;
}
