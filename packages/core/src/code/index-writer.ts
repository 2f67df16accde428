import type { FileRecord, KnownIndex, ScanChanges, ScanResult } from '@codepakt/contract';
import type { By } from '../context.ts';
import { indexTotals } from './index-totals.ts';
import { knownIndex } from './known-index.ts';
import type { LeanConnection } from './lean-connection.ts';
import { recordScan } from './record-scan.ts';
import { confirmFiles, countSkipped, generationOf, replaceFiles } from './replace-files.ts';
import { Stage } from './stage.ts';

export interface StoreOptions extends By {
  /** When the scan began, as `performance.now()` counts. */
  began: number;
}

/** An index to be brought up to date. Close it, or declare it with `using`. */
export class IndexWriter {
  readonly #connection: LeanConnection;
  readonly #board: LeanConnection;
  readonly #worktree: string | undefined;

  /**
   * @param board where the event of a scan goes: the index's own database, or the board's
   * @param worktree the folder, when the index is a worktree's
   */
  constructor(connection: LeanConnection, board = connection, worktree?: string) {
    this.#connection = connection;
    this.#board = board;
    this.#worktree = worktree;
  }

  /** Begins to take what a scan finds. One at a time; dispose of it before the next. */
  begin(): IndexUpdate {
    return new IndexUpdate(this.#connection, this.#board, this.#worktree);
  }

  close(): void {
    this.#connection.close();
    if (this.#board !== this.#connection) this.#board.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** What one scan brings: its files one by one as they are read, the rest at the end. */
export class IndexUpdate {
  /** What the index holds, for the scanner to compare with. */
  readonly known: KnownIndex;
  /** How often it was changed; 0 before the first scan. */
  readonly generation: number;
  readonly #connection: LeanConnection;
  readonly #board: LeanConnection;
  readonly #worktree: string | undefined;
  #stage: Stage | undefined;
  #added = 0;

  constructor(connection: LeanConnection, board: LeanConnection, worktree: string | undefined) {
    this.#connection = connection;
    this.#board = board;
    this.#worktree = worktree;
    const { known, generation } = connection.snapshot(() => ({
      known: knownIndex(connection),
      generation: generationOf(connection),
    }));
    this.known = known;
    this.generation = generation;
  }

  /** Takes a file that is new or has another content. */
  add(file: FileRecord): void {
    this.#stage ??= new Stage(this.#connection, this.generation);
    this.#stage.add(file);
    this.#added++;
  }

  /**
   * Stores all of it in one short transaction, with an event when anything changed. Undefined when
   * another scan was stored since this one began: then begin anew, which takes little.
   */
  store(changes: ScanChanges, { began, agent }: StoreOptions): ScanResult | undefined {
    // What was found then was compared with rows of another index, wholly or in part.
    if (generationOf(this.#connection) !== this.generation) return undefined;
    for (const file of changes.parsed) this.add(file);
    const scanned_at = new Date().toISOString();
    const compared = { generation: this.generation, scanned_at };
    // A first scan makes an index, also of a folder without code: then there is nothing to be found.
    if (this.generation > 0 && this.#changesNothing(changes)) {
      const isConfirmed = confirmFiles(this.#connection, changes, compared);
      return isConfirmed ? this.#result(changes, began) : undefined;
    }
    this.#stage ??= new Stage(this.#connection, this.generation);
    let result: ScanResult | undefined;
    const isOnBoard = this.#board === this.#connection;
    const tell = (told: ScanResult) =>
      recordScan(this.#board, told, { agent, worktree: this.#worktree });
    replaceFiles(this.#connection, this.#stage, changes, {
      ...compared,
      record: () => {
        result = this.#result(changes, began);
        if (isOnBoard) tell(result);
      },
    });
    const stored = result;
    if (stored !== undefined && !isOnBoard) this.#board.transaction(() => tell(stored));
    return stored;
  }

  [Symbol.dispose](): void {
    this.#stage?.drop();
    this.#stage = undefined;
  }

  #changesNothing({ touched, removed, relinked }: ScanChanges): boolean {
    return this.#added + touched.length + removed.length + relinked.length === 0;
  }

  #result(changes: ScanChanges, began: number): ScanResult {
    const { files, symbols, imports, languages } = indexTotals(this.#connection);
    return {
      files,
      parsed: this.#added,
      unchanged: files - this.#added,
      removed: changes.removed.length,
      skipped: countSkipped(changes.skipped),
      symbols,
      imports,
      errors: changes.errors,
      languages,
      duration_ms: Math.round(performance.now() - began),
    };
  }
}
