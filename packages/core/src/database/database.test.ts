import { describe, expect, test } from 'vitest';
import { temporaryProject } from '../testing/temporary-project.ts';
import { Database, prepared, sqlBuilder } from './database.ts';

const query = prepared<{ id: number; limit: number }, { id: number }>((p) =>
  sqlBuilder
    .selectFrom('events')
    .select('id')
    .where('id', '=', p.id)
    .orderBy('created_at')
    .limit(p.limit),
);

function open(file: string): Database & Disposable {
  const db = new Database(file, { busy_timeout_ms: 0, auto_checkpoint: true });
  return Object.assign(db, { [Symbol.dispose]: () => db.close() });
}

/** The quickest of many runs, so that what else the machine does is left out. */
function quickest(work: () => void): number {
  const times = Array.from({ length: 200 }, () => {
    const began = performance.now();
    for (let n = 0; n < 50; n += 1) work();
    return performance.now() - began;
  });
  return Math.min(...times);
}

describe('a prepared query', () => {
  test('is not planned anew for every value', () => {
    using board = temporaryProject();
    using db = open(board.file);
    const plain = { sql: query.sql.replaceAll('+?', '?'), bind: query.bind };
    expect(plain.sql).not.toBe(query.sql);
    const args = { id: 1, limit: 5 };
    expect(db.all(query, args)).toEqual(db.all(plain, args));
    expect(db.all(query, args)).toEqual([{ id: 1 }]);
    // When this fails, SQLite has mended it, and the detour can go.
    expect(quickest(() => db.all(plain, args))).toBeGreaterThan(
      1.5 * quickest(() => db.all(query, args)),
    );
  });

  test('finds what it looks for by index all the same', () => {
    using board = temporaryProject();
    using db = open(board.file);
    const plan = db.all(
      {
        sql: `EXPLAIN QUERY PLAN ${query.sql}`,
        bind: query.bind,
      },
      { id: 1, limit: 5 },
    );
    expect(JSON.stringify(plan)).toContain('SEARCH events USING INTEGER PRIMARY KEY');
  });
});
