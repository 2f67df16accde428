import { type Compilable, type RawBuilder, sql } from 'kysely';
import { sqlBuilder } from './database.ts';

/** A statement written by hand, for what the query builder has no words for. */
export function raw<Row>(strings: TemplateStringsArray, ...values: unknown[]): Compilable<Row> {
  const statement: RawBuilder<Row> = sql<Row>(strings, ...values);
  return { compile: () => statement.compile(sqlBuilder) };
}
