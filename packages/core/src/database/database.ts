import { CodepaktError } from '@codepakt/contract';
import Sqlite from 'better-sqlite3';
import {
  type Compilable,
  DummyDriver,
  Kysely,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import type { Tables } from './schema.ts';
import { toCodepaktError } from './sqlite-error.ts';

/**
 * Kysely only writes the SQL. Its own SQLite driver would begin deferred transactions and hold
 * them across awaits, so that two connections in one process starve each other.
 */
export const sqlBuilder = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  },
});

type Value = string | number | bigint | null | Uint8Array;

/** A query whose SQL text was compiled once; `Args` are bound by name at each run. */
export interface Prepared<Args, Row> {
  readonly sql: string;
  readonly bind: (args: Args) => Value[];
  /** Only a type: the shape of a row. */
  readonly row?: Row;
}

class Parameter {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/**
 * Compiles a hot query once: compiling costs four times what running it does.
 * `build` gets an object whose properties stand for the arguments.
 */
export function prepared<Args extends object, Row>(
  build: (args: Args) => Compilable<Row>,
): Prepared<Args, Row> {
  const markers = new Proxy({} as Args, { get: (_, name) => new Parameter(String(name)) });
  const { sql: text, parameters } = build(markers).compile();
  const sql = withStablePlan(text);
  const bind = (args: Args): Value[] => {
    const values: Value[] = [];
    for (const parameter of parameters) {
      values.push(
        parameter instanceof Parameter
          ? bindable((args as Record<string, unknown>)[parameter.name], parameter.name)
          : (parameter as Value),
      );
    }
    return values;
  };
  return { sql, bind };
}

/**
 * SQLite plans a query with `column = ?` and ORDER BY, or with `LIMIT ?`, anew each time that it is
 * run, because the value may matter to the plan; that costs ten times what running it does. A
 * value behind a `+` stays the same, and is none of the planner's business.
 */
function withStablePlan(sql: string): string {
  const isPlannedAnew = /^\s*(?:select|with)\b/i.test(sql) && /\b(?:order by|limit \?)/i.test(sql);
  return isPlannedAnew ? sql.replaceAll(' = ?', ' = +?').replace(/\blimit \?/i, 'limit +?') : sql;
}

/** better-sqlite3 binds undefined as NULL without a word, which would lose a value silently. */
function bindable(value: unknown, name: string): Value {
  if (value === undefined) throw new TypeError(`the argument ${name} is missing`);
  return value as Value;
}

export interface DatabaseOptions {
  /** How long a statement waits for another process's lock. It waits synchronously. */
  busy_timeout_ms: number;
  /** Whether SQLite checkpoints by itself inside commits. */
  auto_checkpoint: boolean;
  must_exist?: boolean;
  readonly?: boolean;
  /** What the file holds, to be opened in memory in its place. */
  bytes?: Uint8Array | undefined;
}

/** Queries with lists have a text for each length: without an end they would fill the memory. */
const MAX_STATEMENTS = 1_000;

/** For `copyInto`: in one step. */
export const ALL_PAGES = 0x7fffffff;

/** One SQLite connection: runs what Kysely compiled, synchronously, and owns the transaction. */
export class Database {
  readonly file: string;
  readonly options: DatabaseOptions;
  #sqlite: Sqlite.Database;
  /** Made once: making one costs more than running it. */
  #transaction: Sqlite.Transaction<(work: () => unknown) => unknown>;
  readonly #statements = new Map<string, Sqlite.Statement<Value[], unknown>>();
  #writes = 0;

  constructor(file: string, options: DatabaseOptions) {
    this.file = file;
    this.options = options;
    this.#sqlite = openFile(file, options);
    this.#transaction = transactionOf(this.#sqlite);
  }

  get isOpen(): boolean {
    return this.#sqlite.open;
  }

  /** Whether a transaction is open. */
  get inTransaction(): boolean {
    return this.#sqlite.inTransaction;
  }

  /** Grows with every statement that changed rows, or may have before it failed. */
  get writes(): number {
    return this.#writes;
  }

  all<Row>(query: Compilable<Row>): Row[];
  all<Args extends object, Row>(query: Prepared<Args, Row>, args: Args): Row[];
  all<Row>(query: Compilable<Row> | Prepared<object, Row>, args?: object): Row[] {
    const { sql, values } = bound(query, args);
    try {
      return this.#statement(sql).all(...values) as Row[];
    } catch (error) {
      throw toCodepaktError(error, this.file);
    }
  }

  first<Row>(query: Compilable<Row>): Row | undefined;
  first<Args extends object, Row>(query: Prepared<Args, Row>, args: Args): Row | undefined;
  first<Row>(query: Compilable<Row> | Prepared<object, Row>, args?: object): Row | undefined {
    const { sql, values } = bound(query, args);
    try {
      return this.#statement(sql).get(...values) as Row | undefined;
    } catch (error) {
      throw toCodepaktError(error, this.file);
    }
  }

  /** Rows one by one. No other statement may run on this connection before the loop ends. */
  iterate<Row>(query: Compilable<Row>): Generator<Row>;
  iterate<Args extends object, Row>(query: Prepared<Args, Row>, args: Args): Generator<Row>;
  *iterate<Row>(query: Compilable<Row> | Prepared<object, Row>, args?: object): Generator<Row> {
    const { sql, values } = bound(query, args);
    try {
      yield* this.#statement(sql).iterate(...values) as Iterable<Row>;
    } catch (error) {
      throw toCodepaktError(error, this.file);
    }
  }

  /** Runs a statement that returns no rows; answers how many rows changed and the last row id. */
  run(query: Compilable<unknown>): { changes: number; id: number };
  run<Args extends object>(
    query: Prepared<Args, unknown>,
    args: Args,
  ): { changes: number; id: number };
  run(query: Compilable<unknown> | Prepared<object, unknown>, args?: object) {
    const { sql, values } = bound(query, args);
    try {
      const { changes, lastInsertRowid } = this.#statement(sql).run(...values);
      if (changes > 0) this.#writes += 1;
      return { changes, id: Number(lastInsertRowid) };
    } catch (error) {
      this.#writes += 1;
      throw toCodepaktError(error, this.file);
    }
  }

  /** Runs SQL text of our own, such as a migration. */
  exec(sql: string): void {
    this.#writes += 1;
    this.#run(() => this.#sqlite.exec(sql));
  }

  /** Reads or sets a pragma; answers its single value. */
  pragma(text: string): unknown {
    return this.#run(() => this.#sqlite.pragma(text, { simple: true }));
  }

  /** The rows of a pragma that answers with a table. */
  pragmaRows(text: string): Record<string, unknown>[] {
    return this.#run(() => this.#sqlite.pragma(text) as Record<string, unknown>[]);
  }

  /**
   * One `BEGIN IMMEDIATE` transaction: the write lock is taken before anything is read, so nobody
   * acts on what another is changing. Inside another transaction it is a savepoint.
   */
  transaction<T>(work: () => T): T {
    return this.#run(() => this.#transaction.immediate(work) as T);
  }

  /** One moment of the database: nothing that others write meanwhile is seen by the work. */
  snapshot<T>(work: () => T): T {
    return this.#run(() => this.#transaction.deferred(work) as T);
  }

  /**
   * Moves all that the WAL holds into the file. Closing does so too, but says nothing when it fails.
   * @throws CodepaktError `busy` while somebody still reads the WAL, `disk_full`
   */
  writeBack(): void {
    const [told] = this.pragmaRows('wal_checkpoint(TRUNCATE)');
    if (told?.busy === 0) return;
    throw new CodepaktError('busy', `${this.file}: its WAL is still being read`, {
      hint: 'Try again in a moment.',
    });
  }

  /** Writes back what the WAL holds, and opens the file anew. */
  reopen(): void {
    this.writeBack();
    this.close();
    this.#sqlite = openFile(this.file, this.options);
    this.#transaction = transactionOf(this.#sqlite);
  }

  /**
   * Puts what this database holds into another file, in steps between which others get their turn,
   * and in one transaction: who has that file open sees it as before until it is over. What this
   * connection writes meanwhile is in it; what others write makes it begin anew. `step` is called
   * before each with the number of pages that are left, when nobody else can write there any more;
   * it answers how many are to follow, or throws to leave everything as it is.
   * @throws CodepaktError `busy` when another process is writing there, or this database was closed
   */
  async copyInto(file: string, step: (left: number) => number): Promise<void> {
    try {
      const progress = ({ remainingPages }: Sqlite.BackupMetadata) => step(remainingPages);
      const { totalPages } = await this.#sqlite.backup(file, { progress });
      // A step that found the other file busy looks like the last one of an empty database.
      if (totalPages > 0) return;
    } catch (error) {
      if (this.#sqlite.open)
        throw error instanceof CodepaktError ? error : toCodepaktError(error, file);
    }
    throw new CodepaktError('busy', `${file}: another process is writing to this database`, {
      hint: 'Try again in a moment.',
    });
  }

  close(): void {
    this.#statements.clear();
    this.#sqlite.close();
  }

  #statement(sql: string): Sqlite.Statement<Value[], unknown> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      if (this.#statements.size >= MAX_STATEMENTS) this.#statements.clear();
      statement = this.#sqlite.prepare<Value[], unknown>(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #run<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof CodepaktError) throw error;
      throw toCodepaktError(error, this.file);
    }
  }
}

/** The text of a query, and the values for its parameters in their order. */
function bound(
  query: Compilable<unknown> | Prepared<object, unknown>,
  args: object = {},
): { sql: string; values: Value[] } {
  if ('bind' in query) return { sql: query.sql, values: query.bind(args) };
  const { sql, parameters } = query.compile();
  return { sql, values: parameters.map((value) => bindable(value, sql)) };
}

function openFile(file: string, options: DatabaseOptions): Sqlite.Database {
  try {
    return options.bytes === undefined
      ? new Sqlite(file, {
          timeout: options.busy_timeout_ms,
          fileMustExist: options.must_exist ?? true,
          readonly: options.readonly ?? false,
        })
      : new Sqlite(Buffer.from(options.bytes));
  } catch (error) {
    throw toCodepaktError(error, file);
  }
}

function transactionOf(
  sqlite: Sqlite.Database,
): Sqlite.Transaction<(work: () => unknown) => unknown> {
  return sqlite.transaction((work) => work());
}
