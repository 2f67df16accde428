import Sqlite from 'better-sqlite3';
import { APPLICATION_ID, MIGRATIONS, SCHEMA_VERSION_TABLE } from '../database/migrations.ts';

/** A board with one open task, as an earlier version of the schema had it. */
export function writeOlderBoard(
  file: string,
  { id, version }: { id: string; version: number },
): void {
  const now = new Date().toISOString();
  const sqlite = new Sqlite(file);
  try {
    sqlite.exec(SCHEMA_VERSION_TABLE);
    for (const { sql } of MIGRATIONS.slice(0, version)) sqlite.exec(sql);
    sqlite.pragma(`application_id = ${APPLICATION_ID}`);
    sqlite.prepare('INSERT INTO schema_version VALUES (?, ?)').run(version, now);
    sqlite
      .prepare("INSERT INTO projects (id, name, settings, created_at) VALUES (?, 'old', '{}', ?)")
      .run(id, now);
    sqlite
      .prepare(
        "INSERT INTO tasks (title, status, priority, created_at, updated_at) VALUES ('old', 'open', 1, ?, ?)",
      )
      .run(now, now);
    sqlite
      .prepare(
        "INSERT INTO events (task_id, agent, action, version, detail, created_at) VALUES (1, 'human', 'task_created', 1, ?, ?)",
      )
      .run(JSON.stringify({ title: [null, 'old'], status: [null, 'open'] }), now);
  } finally {
    sqlite.close();
  }
}
