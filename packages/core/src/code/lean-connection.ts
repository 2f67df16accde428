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

  /** Lets the work write to the tables in which FTS5 keeps an index, which SQLite refuses otherwise. */
  withShadowTables(work: () => void): void {
    this.#sqlite.unsafeMode(true);
    try {
      work();
    } finally {
      this.#sqlite.unsafeMode(false);
    }
  }

  /** Ends a transaction that failed, unless SQLite has done so already, as it does on a full disk. */
  rollBack(): void {
    if (this.#sqlite.inTransaction) this.#sqlite.exec('ROLLBACK');
  }

  /** Does the work with errors told in our words, also those of `bulkInsert`. */
  guard<T>(work: () => T): T {
    return this.#guard(work);
  }

  /** For very many rows; throws SQLite's own errors. @param sql all before `VALUES` */
  bulkInsert(sql: string, columns: number): BulkInsert {
    const statements = new Map<number, Sqlite.Statement<Value[], unknown>>();
    return new BulkInsert((rows) => {
      const statement = statements.get(rows) ?? this.#statement(sql + valuesOf(rows, columns));
      statements.set(rows, statement);
      return statement;
    }, columns);
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

/** More take as long each. */
const ROWS_AT_ONCE = 16;

/** As much of a statement as is needed. Who uses our types need not have those of better-sqlite3. */
interface Insert {
  run(...values: Value[]): unknown;
}

/** Adds rows some at a time, which takes a third less than one by one. */
export class BulkInsert {
  readonly #insert: (rows: number) => Insert;
  readonly #columns: number;
  #waiting: Value[] = [];

  constructor(insert: (rows: number) => Insert, columns: number) {
    this.#insert = insert;
    this.#columns = columns;
  }

  add(...row: Value[]): void {
    this.#waiting.push(...row);
    if (this.#waiting.length < ROWS_AT_ONCE * this.#columns) return;
    this.#insert(ROWS_AT_ONCE).run(...this.#waiting);
    this.#waiting = [];
  }

  /** To be called after the last row. */
  flush(): void {
    for (let at = 0; at < this.#waiting.length; at += this.#columns) {
      this.#insert(1).run(...this.#waiting.slice(at, at + this.#columns));
    }
    this.#waiting = [];
  }
}

function valuesOf(rows: number, columns: number): string {
  const row = `(${Array(columns).fill('?')})`;
  return ` VALUES ${Array(rows).fill(row)}`;
}
