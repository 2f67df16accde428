import type { Database } from '../database/database.ts';

export type Value = string | number | null;

/**
 * What the questions to the index need of SQLite. Their SQL is written by hand: `cpk code` would
 * spend more on loading a query builder than on its query, and the index stays in SQLite for good.
 */
export interface Connection {
  readonly file: string;
  all<Row>(sql: string, ...values: Value[]): Row[];
  first<Row>(sql: string, ...values: Value[]): Row | undefined;
  /** Rows one by one. No other statement may run on this connection before the loop ends. */
  iterate<Row>(sql: string, ...values: Value[]): Iterable<Row>;
  /** All that the work reads is of one moment, however many statements it takes. */
  snapshot<T>(work: () => T): T;
}

/** The board's own connection, for the daemon, which must not open its file twice. */
export function boardConnection(db: Database): Connection {
  const bound = (sql: string, values: Value[]) => ({ sql, bind: () => values });
  return {
    file: db.file,
    all: <Row>(sql: string, ...values: Value[]) => db.all(bound(sql, values), {}) as Row[],
    first: <Row>(sql: string, ...values: Value[]) =>
      db.first(bound(sql, values), {}) as Row | undefined,
    iterate: <Row>(sql: string, ...values: Value[]) =>
      db.iterate(bound(sql, values), {}) as Iterable<Row>,
    snapshot(work) {
      if (db.inTransaction) return work();
      db.exec('BEGIN');
      try {
        return work();
      } finally {
        db.exec('COMMIT');
      }
    },
  };
}
