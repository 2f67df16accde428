import type { FileRecord, ImportRecord, ScanChanges, SymbolRecord } from '@codepakt/contract';
import { writeNames } from './imported-names.ts';
import { isTestFile } from './is-test-file.ts';
import type { LeanConnection } from './lean-connection.ts';
import { generationOf } from './replace-files.ts';
import { rowId } from './row-ids.ts';
import {
  addText,
  createStagedIndexes,
  createStagedTables,
  createStagedText,
  stageWhatStays,
} from './staged-tables.ts';
import { nameForSearch } from './symbol-words.ts';

/** From this share of the files on, writing the whole index anew holds the lock for less time. */
const WHOLE_FROM = 1 / 10;

/** So many files share a transaction, since beginning and ending one takes as long as a small file. */
const FILES_A_TRANSACTION = 100;

/** So many symbols go to the full-text index together: each time makes a part of its own. */
const SYMBOLS_A_TEXT = 40_000;

/** What is staged in the end. */
export interface Staged {
  /** The ids of known files whose rows go: those that changed and those that are gone. */
  replaced: number[];
  /** What is staged is the whole index, not only what changed. */
  isWhole: boolean;
  /** The full-text index is staged too. */
  hasText: boolean;
}

/**
 * Where the rows of a scan are prepared: a temporary database attached as `staged`, with tables just
 * like the real ones. Filling it takes most of the time, and nobody waits for that; what is left to
 * do under the lock is copying, which SQLite does page by page where it can.
 */
export class Stage {
  readonly #connection: LeanConnection;
  readonly #generation: number;
  readonly #ids = new Map<string, number>();
  readonly #replaced: number[] = [];
  /** Kept until the end, so that files get their ids in the order in which their rows are added. */
  readonly #targets: { importId: number; path: string; types: number }[] = [];
  #lastId: number;
  readonly #isFirst: boolean;
  readonly #hasText: boolean;
  /** The symbols that are not in the full-text index yet: how many, and the first one's id. */
  #untold = { symbols: 0, from: 0 };
  /** In the transaction that is open; null when none is. */
  #added: number | null = null;
  readonly #symbols;
  readonly #words;
  readonly #imports;

  /** @param generation of the index that the scan compares with */
  constructor(connection: LeanConnection, generation: number) {
    this.#connection = connection;
    this.#generation = generation;
    connection.run("ATTACH '' AS staged");
    createStagedTables(connection);
    this.#hasText = generation === 0;
    if (this.#hasText) createStagedText(connection);
    const last = connection.first<{ id: number | null }>('SELECT max(id) AS id FROM main.paths');
    this.#lastId = last?.id ?? 0;
    this.#isFirst = this.#lastId === 0;
    this.#symbols = connection.bulkInsert('INSERT INTO staged.symbols', 12);
    this.#words = connection.bulkInsert('INSERT INTO staged.words', 2);
    this.#imports = connection.bulkInsert('INSERT INTO staged.imports', 5);
  }

  /**
   * Adds a file with all its rows. Once another scan was stored the ids here and there no longer go
   * together; nothing of this one will be stored then, so nothing more is added.
   */
  add(file: FileRecord): void {
    const added = (this.#added ?? 0) + 1;
    const isEnough = added >= FILES_A_TRANSACTION;
    this.#inTransaction(() => {
      if (generationOf(this.#connection) === this.#generation) this.#addFile(file);
      if (!isEnough) return;
      this.#flush();
      if (this.#untold.symbols >= SYMBOLS_A_TEXT) this.#addText();
    });
    this.#added = added;
    if (isEnough) this.#commit();
  }

  /** Adds what can only be known when all files were added. */
  finish({ removed, relinked }: ScanChanges): Staged {
    const staged = this.#inTransaction(() => {
      for (const path of removed) this.#replace(path);
      const replaced = this.#replaced;
      const isWhole = replaced.length >= this.#countFiles() * WHOLE_FROM;
      if (isWhole) {
        for (const { id, name } of stageWhatStays(this.#connection, replaced, relinked)) {
          this.#addWords(id, name);
        }
      }
      for (const { id, resolved } of relinked) this.#addTargets(id, resolved, this.#kindOf(id));
      this.#insertTargets();
      this.#flush();
      this.#addText();
      createStagedIndexes(this.#connection);
      return { replaced, isWhole, hasText: this.#hasText };
    });
    this.#commit();
    return staged;
  }

  /** Frees it all. */
  drop(): void {
    this.#connection.rollBack();
    this.#connection.run('DETACH staged');
  }

  /** Not `connection.transaction`: that would lock the real database too. */
  #inTransaction<T>(work: () => T): T {
    if (this.#added === null) this.#connection.run('BEGIN');
    this.#added ??= 0;
    try {
      return this.#connection.guard(work);
    } catch (error) {
      this.#connection.rollBack();
      this.#added = null;
      throw error;
    }
  }

  #flush(): void {
    for (const rows of [this.#symbols, this.#words, this.#imports]) rows.flush();
  }

  /** Ids grow from file to file in an index that has none yet. */
  #addText(): void {
    if (this.#hasText) addText(this.#connection, 'staged', this.#untold.from);
    this.#untold = { symbols: 0, from: rowId(this.#lastId + 1, 0) };
  }

  #commit(): void {
    this.#connection.run('COMMIT');
    this.#added = null;
  }

  #addFile(file: FileRecord): void {
    const id = this.#replace(file.path) ?? this.#pathId(file.path);
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
      file.package === null ? null : this.#pathId(file.package),
      file.symbols.length,
      file.imports.length,
    );
    let row = rowId(id, 0);
    for (const symbol of file.symbols) this.#addSymbol(row++, symbol);
    this.#untold.symbols += file.symbols.length;
    row = rowId(id, 0);
    for (const imported of file.imports) this.#addImport(row++, imported);
  }

  #addSymbol(id: number, symbol: SymbolRecord): void {
    this.#symbols.add(
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
    this.#addWords(id, symbol.name);
  }

  #addWords(id: number, name: string): void {
    const words = nameForSearch(name);
    if (words !== name) this.#words.add(id, words);
  }

  #addImport(id: number, { specifier, kind, line, names, resolved }: ImportRecord): void {
    this.#imports.add(id, specifier, kind, line, writeNames(names));
    this.#addTargets(id, resolved, kind);
  }

  #addTargets(importId: number, resolved: readonly string[], kind: ImportRecord['kind']): void {
    const types = kind === 'type' ? 1 : 0;
    for (const path of resolved) this.#targets.push({ importId, path, types });
  }

  #kindOf(importId: number): ImportRecord['kind'] {
    const known = this.#connection.first<{ kind: ImportRecord['kind'] }>(
      'SELECT kind FROM main.imports WHERE id = ?',
      importId,
    );
    return known?.kind ?? 'import';
  }

  #insertTargets(): void {
    const targets = this.#connection.bulkInsert('INSERT OR IGNORE INTO staged.import_targets', 3);
    for (const { importId, path, types } of this.#targets) {
      targets.add(importId, this.#pathId(path), types);
    }
    targets.flush();
  }

  /** Notes that the rows of a known file go; undefined when it is not known. */
  #replace(path: string): number | undefined {
    if (this.#isFirst) return undefined;
    const file = this.#connection.first<{ id: number }>(
      'SELECT id FROM main.files JOIN main.paths USING (id) WHERE path = ?',
      path,
    );
    if (file === undefined) return undefined;
    this.#replaced.push(file.id);
    this.#ids.set(path, file.id);
    return file.id;
  }

  /** The id that a path has, or will have. */
  #pathId(path: string): number {
    const cached = this.#ids.get(path);
    if (cached !== undefined) return cached;
    const stored = this.#isFirst
      ? undefined
      : this.#connection.first<{ id: number }>('SELECT id FROM main.paths WHERE path = ?', path);
    const id = stored?.id ?? ++this.#lastId;
    this.#ids.set(path, id);
    if (stored === undefined) {
      this.#connection.run('INSERT INTO staged.paths VALUES (?, ?)', id, path);
    }
    return id;
  }

  #countFiles(): number {
    return this.#connection.first<{ n: number }>('SELECT count(*) AS n FROM main.files')?.n ?? 0;
  }
}

function metadataText(metadata: SymbolRecord['metadata']): string | null {
  for (const _ in metadata) return JSON.stringify(metadata);
  return null;
}
