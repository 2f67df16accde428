import Sqlite from 'better-sqlite3';

export interface Filling {
  open: number;
  done?: number;
  /** Tasks that wait for one of the open ones each. */
  waiting?: number;
  /** How many priorities they are spread over: three, or just P0. */
  priorities?: 1 | 3;
}

/**
 * Writes tasks into an empty board with a few statements: core's own way, a transaction and an
 * event for each, would take an hour for a million. Every index and trigger is at work.
 */
export function fillBoard(
  file: string,
  { open, done = 0, waiting = 0, priorities = 3 }: Filling,
): void {
  const sqlite = new Sqlite(file);
  sqlite.pragma('synchronous = OFF');
  sqlite.pragma('cache_size = -400000');
  const first = 1 + Number(sqlite.prepare('SELECT max(id) FROM tasks').pluck().get() ?? 0);
  sqlite.transaction(() => {
    const insert = (from: number, count: number, status: string) =>
      insertTasks(sqlite, { from, count, status, priorities });
    insert(first, open, 'open');
    insert(first + open, done, 'done');
    insert(first + open + done, waiting, 'backlog');
    sqlite
      .prepare(
        `INSERT INTO task_dependencies (task_id, depends_on)
         SELECT id, ? + (id % ?) FROM tasks WHERE id >= ?`,
      )
      .run(BigInt(first), BigInt(Math.max(open, 1)), BigInt(first + open + done));
    sqlite
      .prepare(
        `INSERT INTO events (task_id, agent, action, version, detail, created_at)
         SELECT id, 'human', 'task_created', 1, json_object('title', json_array(NULL, title)), created_at
         FROM tasks WHERE id >= ?`,
      )
      .run(BigInt(first));
  })();
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
  sqlite.close();
}

interface Rows {
  from: number;
  count: number;
  status: string;
  priorities: number;
}

function insertTasks(sqlite: Sqlite.Database, { from, count, status, priorities }: Rows): void {
  if (count === 0) return;
  sqlite
    .prepare(
      `WITH RECURSIVE numbers (id) AS (
         SELECT @first UNION ALL SELECT id + 1 FROM numbers WHERE id < @last
       )
       INSERT INTO tasks (id, title, description, status, unmet, priority, epic, completed_by,
         created_at, updated_at, completed_at)
       SELECT id, 'Do the thing number ' || id, 'As the plan says, in the module ' || (id % 97) || '.',
         @status, @unmet, id % @priorities, 'epic ' || (id / 500), iif(@status = 'done', 'ada', NULL),
         @now, @now, iif(@status = 'done', @now, NULL)
       FROM numbers`,
    )
    .run({
      first: BigInt(from),
      last: BigInt(from + count - 1),
      priorities: BigInt(priorities),
      status,
      unmet: status === 'backlog' ? 1n : 0n,
      now: '2026-01-01T00:00:00.000Z',
    });
}
