import type { KnownIndex, ScanChanges, ScanResult } from '@codepakt/contract';
import type { By } from '../context.ts';
import { indexTotals } from './index-totals.ts';
import { knownIndex } from './known-index.ts';
import type { LeanConnection } from './lean-connection.ts';
import { recordScan } from './record-scan.ts';
import { generationOf, replaceFiles } from './replace-files.ts';

/** What a scan is compared with. */
export interface Known {
  index: KnownIndex;
  generation: number;
}

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

  known(): Known {
    return this.#connection.snapshot(() => ({
      index: knownIndex(this.#connection),
      generation: generationOf(this.#connection),
    }));
  }

  /**
   * Stores what a scan found in one short transaction, with its event when anything changed.
   * Undefined when another scan was stored since `known`: compare anew, which takes little.
   */
  store(changes: ScanChanges, known: Known, options: StoreOptions): ScanResult | undefined {
    let result: ScanResult | undefined;
    const isStored = replaceFiles(this.#connection, changes, {
      generation: known.generation,
      scanned_at: new Date().toISOString(),
      record: () => {
        result = this.#result(changes, options);
        if (this.#board === this.#connection) recordScan(this.#board, result, options);
      },
    });
    if (!isStored) return undefined;
    if (result === undefined) return this.#result(changes, options);
    const { agent } = options;
    const worktree = this.#worktree;
    if (this.#board !== this.#connection) {
      const told = result;
      this.#board.transaction(() => recordScan(this.#board, told, { agent, worktree }));
    }
    return result;
  }

  close(): void {
    this.#connection.close();
    if (this.#board !== this.#connection) this.#board.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #result(changes: ScanChanges, { began }: StoreOptions): ScanResult {
    const skipped: ScanResult['skipped'] = {};
    for (const { reason } of changes.skipped) skipped[reason] = (skipped[reason] ?? 0) + 1;
    const { files, symbols, imports, languages } = indexTotals(this.#connection);
    return {
      files,
      parsed: changes.parsed.length,
      unchanged: changes.unchanged,
      removed: changes.removed.length,
      skipped,
      symbols,
      imports,
      errors: changes.errors,
      languages,
      duration_ms: Math.round(performance.now() - began),
    };
  }
}
