/**
 * What each pickup paid for. Keys are forgotten in the order in which they were written: no index has
 * to be kept for it. All counts are there from the beginning, so that they are only ever updated.
 */
export const leanPickups = `
DROP INDEX idempotency_keys_by_age;

INSERT OR IGNORE INTO task_counts (status, hold) VALUES
  ('backlog', 0), ('backlog', 1), ('open', 0), ('in-progress', 0), ('review', 0), ('done', 0),
  ('blocked', 0), ('cancelled', 0);
DROP TRIGGER task_counts_update;
CREATE TRIGGER task_counts_update AFTER UPDATE OF status, hold ON tasks
WHEN old.status <> new.status OR old.hold <> new.hold BEGIN
  UPDATE task_counts SET count = count - 1 WHERE status = old.status AND hold = old.hold;
  UPDATE task_counts SET count = count + 1 WHERE status = new.status AND hold = new.hold;
END;
`;
