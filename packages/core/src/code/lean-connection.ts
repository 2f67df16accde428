import { CodepaktError } from '@codepakt/contract/light';
import Sqlite from 'better-sqlite3';
import { toCodepaktError } from '../database/sqlite-error.ts';
import type { Connection, Value } from './connection.ts';

export interface LeanOptions {
  readonly?: boolean;
  /** How long a statement waits for another process's lock. 5,000 unless told. */
  busy_timeout_ms?: number;
  /** What the file holds, to be opened in memory in its place. */
  bytes?: Uint8Array | undefined;
}

/** A connection that costs little to open: SQLite itself and nothing around it. */
export class LeanConnection implements Connection {
  readonly file: string;
  readonly #sqlite: Sqlite.Database;
  readonly #statements = new Map<string, Sqlite.Statement<Value[], unknown>>();

  /** @throws CodepaktError `read_only`, `database_foreign`, `busy` */
  constructor(
    file: string,
    { readonly = false, busy_timeout_ms = 5_000, bytes }: LeanOptions = {},
  ) {
    this.file = file;
    this.#sqlite = this.#guard(() =>
      bytes === undefined
        ? new Sqlite(file, { readonly, fileMustExist: true, timeout: busy_timeout_ms })
        : new Sqlite(Buffer.from(bytes)),
    );
  }

  all<Row>(sql: string, ...values: Value[]): Row[] {
    return this.#guard(() => this.#statement(sql).all(...values) as Row[]);
  }

  first<Row>(sql: string, ...values: Value[]): Row | undefined {
    return this.#guard(() => this.#statement(sql).get(...values) as Row | undefined);
  }

  *iterate<Row>(sql: string, ...values: Value[]): Generator<Row> {
    yield* this.#statement(sql).iterate(...values) as Iterable<Row>;
  }

  run(sql: string, ...values: Value[]): void {
    this.#guard(() => this.#statement(sql).run(...values));
  }

  /** Runs several statements that take no values. */
  exec(sql: string): void {
    this.#guard(() => this.#sqlite.exec(sql));
  }

  snapshot<T>(work: () => T): T {
    return this.#guard(() => this.#sqlite.transaction(work).deferred());
  }

  /** One `BEGIN IMMEDIATE` transaction. */
  transaction<T>(work: () => T): T {
    return this.#guard(() => this.#sqlite.transaction(work).immediate());
  }

  /** Ends a transaction that failed, unless SQLite has done so already, as it does on a full disk. */
  rollBack(): void {
    if (this.#sqlite.inTransaction) this.#sqlite.exec('ROLLBACK');
  }

  /** Does the work with errors told in our words, also those of `inserter`. */
  guard<T>(work: () => T): T {
    return this.#guard(work);
  }

  /** A statement for a loop over very many rows, which throws SQLite's own errors. */
  inserter<Row extends readonly Value[]>(sql: string): (...row: Row) => void {
    const statement = this.#statement(sql);
    return (...row) => {
      statement.run(...row);
    };
  }

  close(): void {
    this.#statements.clear();
    this.#sqlite.close();
  }

  #statement(sql: string): Sqlite.Statement<Value[], unknown> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#sqlite.prepare<Value[], unknown>(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof CodepaktError) throw error;
      throw toCodepaktError(error, this.file);
    }
  }
}
