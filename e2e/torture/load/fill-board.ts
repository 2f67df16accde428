import { DatabaseSync } from 'node:sqlite';

export interface Filling {
  tasks: number;
  events: number;
}

/** Of ten tasks so many are done; of the rest one in five waits for others. */
const DONE_OF_TEN = 4;

/**
 * Writes a long history into an empty board with a few statements: core's own way, a transaction
 * and an event for each, would take an hour. Every index and trigger is at work.
 */
export function fillBoard(file: string, { tasks, events }: Filling): void {
  const sqlite = new DatabaseSync(file);
  sqlite.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN');
  sqlite
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
       INSERT INTO tasks (id, title, description, status, unmet, priority, epic, tags, capabilities,
         touches, completed_by, created_at, updated_at, completed_at)
       SELECT i, 'Do the thing number ' || i, 'As the plan says, in module ' || (i % 97) || '.',
         iif(i % 10 < ${DONE_OF_TEN}, 'done', iif(i % 5 = 4, 'backlog', 'open')),
         i % 10 >= ${DONE_OF_TEN} AND i % 5 = 4,
         i % 3, 'epic ' || (i / 500), iif(i % 4 = 0, json_array('area ' || (i % 40)), '[]'),
         iif(i % 7 = 0, '["gpu"]', '[]'), iif(i % 6 = 0, json_array('src/' || (i % 300) || '/**'), '[]'),
         iif(i % 10 < ${DONE_OF_TEN}, 'ada', NULL),
         strftime('%Y-%m-%dT%H:%M:%fZ', 1767225600 + i, 'unixepoch'),
         strftime('%Y-%m-%dT%H:%M:%fZ', 1767225600 + i, 'unixepoch'),
         iif(i % 10 < ${DONE_OF_TEN}, '2026-02-01T00:00:00.000Z', NULL)
       FROM n`,
    )
    .run(BigInt(tasks));
  // Each waits for the one after it, which is open.
  sqlite.exec(
    `INSERT INTO task_dependencies (task_id, depends_on)
     SELECT id, id + 1 FROM tasks WHERE status = 'backlog' AND id + 1 IN (SELECT id FROM tasks WHERE status = 'open');
     UPDATE tasks SET status = 'open', unmet = 0
     WHERE status = 'backlog' AND id NOT IN (SELECT task_id FROM task_dependencies)`,
  );
  sqlite
    .prepare(
      `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @events)
       INSERT INTO events (task_id, agent, action, version, detail, created_at)
       SELECT 1 + (i - 1) % @tasks, 'agent-' || (i % 50),
         CASE (i - 1) / @tasks % 4 WHEN 0 THEN 'task_created' WHEN 1 THEN 'task_pickup'
           WHEN 2 THEN 'task_complete' ELSE 'task_noted' END,
         1 + (i - 1) / @tasks,
         CASE (i - 1) / @tasks % 4 WHEN 0 THEN '{"status":[null,"open"],"title":[null,"Do the thing"]}'
           WHEN 1 THEN '{"status":["open","in-progress"],"claim":[0,1],"lease":7200}'
           WHEN 2 THEN '{"status":["in-progress","review"],"note":"it works as the plan says"}'
           ELSE '{"note":"half way, the tests are next"}' END,
         strftime('%Y-%m-%dT%H:%M:%fZ', 1767225600 + i, 'unixepoch')
       FROM n`,
    )
    .run({ events: BigInt(events), tasks: BigInt(tasks) });
  sqlite.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  sqlite.close();
}
