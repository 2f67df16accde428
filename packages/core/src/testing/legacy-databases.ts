import Sqlite from 'better-sqlite3';

/**
 * The databases that codepakt 0.1 and 0.2 wrote. Version 3 exists twice: one has the tables of the
 * code index, the other the tags of tasks.
 */
export const LEGACY_VERSIONS = ['v1', 'v2', 'v3-code', 'v3-tags'] as const;
export type LegacyVersion = (typeof LEGACY_VERSIONS)[number];

/** Rows by column; what is left out gets the default that the old tables gave. */
export interface LegacyContent {
  tasks: Record<string, unknown>[];
  agents: Record<string, unknown>[];
  events: Record<string, unknown>[];
  docs: Record<string, unknown>[];
}

/** Writes a database as the old version would have left it, in WAL mode, closed. */
export function writeLegacyDatabase(
  file: string,
  version: LegacyVersion,
  content: LegacyContent = sampleBoard(version),
): void {
  const sqlite = new Sqlite(file);
  try {
    sqlite.pragma('journal_mode = WAL');
    sqlite.exec(tablesOf(version));
    sqlite.prepare('INSERT INTO schema_version (version) VALUES (?)').run(Number(version[1]));
    sqlite
      .prepare("INSERT INTO metadata (key, value) VALUES ('next_task_number', ?)")
      .run(String(content.tasks.length + 1));
    sqlite.transaction(() => {
      for (const table of ['tasks', 'agents', 'events', 'docs'] as const) {
        for (const row of content[table]) insert(sqlite, table, row);
      }
    })();
  } finally {
    sqlite.close();
  }
}

function insert(sqlite: Sqlite.Database, table: string, row: Record<string, unknown>): void {
  const columns = Object.keys(row);
  const marks = columns.map(() => '?').join(', ');
  sqlite
    .prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${marks})`)
    .run(...Object.values(row));
}

function tablesOf(version: LegacyVersion): string {
  const now = "TEXT NOT NULL DEFAULT (datetime('now'))";
  const list = "TEXT NOT NULL DEFAULT '[]'";
  const agents =
    version === 'v1'
      ? `role TEXT, capabilities ${list}, owns ${list}, cannot ${list}, provider TEXT,
         status TEXT NOT NULL DEFAULT 'idle' CHECK (status IN ('idle', 'working', 'offline')),
         created_at ${now}`
      : `status TEXT NOT NULL DEFAULT 'idle' CHECK (status IN ('idle', 'working')),
         current_task_id TEXT, last_seen ${now}`;
  const code = `
    CREATE TABLE symbols (id TEXT PRIMARY KEY, project_id TEXT NOT NULL, name TEXT NOT NULL,
      kind TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, exported INTEGER NOT NULL,
      parent TEXT, signature TEXT, metadata TEXT, scanned_at ${now});
    CREATE TABLE imports (id TEXT PRIMARY KEY, project_id TEXT NOT NULL, importer TEXT NOT NULL,
      imported TEXT NOT NULL, names ${list}, scanned_at ${now});`;
  return `
    CREATE TABLE schema_version (version INTEGER NOT NULL);
    CREATE TABLE metadata (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    CREATE TABLE tasks (
      id TEXT PRIMARY KEY, project_id TEXT NOT NULL, task_number TEXT NOT NULL, title TEXT NOT NULL,
      description TEXT,
      status TEXT NOT NULL DEFAULT 'open'
        CHECK (status IN ('backlog', 'open', 'in-progress', 'review', 'blocked', 'done')),
      assignee TEXT,
      priority TEXT NOT NULL DEFAULT 'P1' CHECK (priority IN ('P0', 'P1', 'P2')),
      epic TEXT, capabilities ${list}, depends_on ${list}, deps_met INTEGER NOT NULL DEFAULT 1,
      acceptance_criteria ${list}, context_refs ${list}, verify TEXT, notes ${list},
      blocker_reason TEXT, created_at ${now}, updated_at ${now}, started_at TEXT, completed_at TEXT,
      ${version === 'v3-tags' ? `tags ${list},` : ''}
      UNIQUE (project_id, task_number));
    CREATE TABLE agents (id TEXT PRIMARY KEY, project_id TEXT NOT NULL, name TEXT NOT NULL,
      ${agents}, UNIQUE (project_id, name));
    CREATE TABLE events (id TEXT PRIMARY KEY, project_id TEXT NOT NULL, task_id TEXT, agent TEXT,
      action TEXT NOT NULL, detail TEXT, created_at ${now});
    CREATE TABLE docs (id TEXT PRIMARY KEY, project_id TEXT NOT NULL,
      type TEXT NOT NULL CHECK (type IN ('operational', 'decision', 'reference', 'learning')),
      title TEXT NOT NULL, body TEXT NOT NULL, section TEXT, tags ${list}, author TEXT,
      created_at ${now}, updated_at ${now});
    CREATE INDEX tasks_by_status ON tasks (project_id, status);
    CREATE INDEX events_by_time ON events (project_id, created_at DESC);
    ${version === 'v3-code' ? code : ''}`;
}

/** A board with everything that happened on old ones, good and bad; two projects in one file. */
export function sampleBoard(version: LegacyVersion): LegacyContent {
  const first = '0a1b2c3d-0000-4000-8000-000000000001';
  const second = '0a1b2c3d-0000-4000-8000-000000000002';
  const uuid = (kind: string, n: number) =>
    `${kind.padEnd(8, '0')}-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const task = (n: number, row: Record<string, unknown>) => ({
    id: uuid('7a5c', n),
    project_id: first,
    task_number: `T-${String(n).padStart(3, '0')}`,
    title: `Task ${n}`,
    created_at: '2026-03-22 17:03:55',
    updated_at: `2026-03-24 18:15:${String(n).padStart(2, '0')}`,
    ...row,
  });
  const event = (n: number, row: Record<string, unknown>) => ({
    id: uuid('e5e5', 99 - n),
    project_id: first,
    created_at: `2026-03-22 17:0${n}:00`,
    ...row,
  });
  const agent = (n: number, row: Record<string, unknown>) => ({
    id: uuid('a6e5', n),
    project_id: first,
    ...row,
  });
  const seen = (last_seen: string) =>
    version === 'v1' ? { created_at: last_seen } : { last_seen };
  return {
    tasks: [
      task(1, {
        status: 'done',
        assignee: 'codex',
        priority: 'P0',
        epic: 'Foundation',
        description: 'Ünïcode 😀\nand "quotes"',
        verify: 'npm test',
        acceptance_criteria: '["It runs","It is \\"quick\\""]',
        capabilities: '["typescript"]',
        context_refs: `["${uuid('d0c5', 1)}","README.md"]`,
        notes: '["first note","second note"]',
        started_at: '2026-03-22 17:05:51',
        completed_at: '2026-03-22 17:09:32',
        ...(version === 'v3-tags' ? { tags: '["web","ui"]' } : {}),
      }),
      task(2, {
        status: 'review',
        assignee: 'claude',
        depends_on: '["T-001"]',
        completed_at: '2026-03-23 10:00:00',
      }),
      task(3, {
        status: 'in-progress',
        assignee: 'codex',
        depends_on: '["T-001","T-002"]',
        started_at: '2026-03-24 09:00:00',
      }),
      task(4, {
        status: 'blocked',
        assignee: 'claude',
        blocker_reason: 'no access',
        depends_on: '["T-003"]',
        deps_met: 0,
      }),
      // Waits, as it should.
      task(5, { status: 'backlog', depends_on: '["T-003"]', deps_met: 0 }),
      // Waits although all is done: the old version did not notice every completion.
      task(6, { status: 'backlog', depends_on: '["T-001"]', deps_met: 0 }),
      // Put aside.
      task(7, { status: 'backlog' }),
      // Open although it should wait: the old version checked no update.
      task(8, { status: 'open', depends_on: '["T-003"]' }),
      // On what was never there, and on itself.
      task(9, { status: 'backlog', depends_on: '["T-099","T-009","T-001"]', deps_met: 0 }),
      // A circle.
      task(10, { status: 'backlog', depends_on: '["T-012"]', deps_met: 0 }),
      task(11, { status: 'backlog', depends_on: '["T-010"]', deps_met: 0 }),
      task(12, { status: 'backlog', depends_on: '["T-011"]', deps_met: 0 }),
      // Texts that nobody checked.
      task(13, {
        status: 'open',
        title: 'x'.repeat(300),
        description: 'y'.repeat(30_000),
        assignee: 'z'.repeat(150),
        verify: 'v'.repeat(3_000),
        notes: '[{"note":"an object"},42,"plain",""]',
        capabilities: 'no json',
        acceptance_criteria: '"one"',
        priority: 'P2',
      }),
      // Of another project in the same file: its T-001 is another task.
      task(14, {
        project_id: second,
        task_number: 'T-001',
        title: 'Other',
        depends_on: '["T-007"]',
        deps_met: 0,
        status: 'backlog',
      }),
      task(15, {
        project_id: second,
        task_number: 'T-1000',
        title: 'Far',
        depends_on: '["T-001"]',
        deps_met: 0,
        status: 'backlog',
      }),
    ],
    agents: [
      agent(1, { name: 'codex', status: 'working', ...seen('2026-03-22 19:39:12') }),
      agent(2, { name: 'claude', status: 'idle', ...seen('2026-03-22 19:45:06') }),
      agent(3, { name: 'claude', project_id: second, ...seen('2026-03-23 08:00:00') }),
      agent(4, { name: 'a'.repeat(120), ...seen('2026-03-22 19:45:06') }),
    ],
    events: [
      event(1, {
        task_id: uuid('7a5c', 1),
        action: 'task_created',
        detail: '{"task_number":"T-001","title":"Task 1"}',
      }),
      event(2, {
        task_id: uuid('7a5c', 1),
        agent: 'codex',
        action: 'task_pickup',
        detail: '{"agent":"codex"}',
      }),
      event(3, {
        task_id: uuid('7a5c', 1),
        agent: 'claude',
        action: 'task_done',
        detail: '{"notes":"first note"}',
      }),
      event(4, { task_id: uuid('7a5c', 2), action: 'deps_met', detail: '{"task_number":"T-002"}' }),
      event(5, {
        task_id: uuid('7a5c', 1),
        action: 'task_approved',
        detail: '{"task_number":"T-001"}',
      }),
      event(6, { task_id: uuid('7a5c', 3), agent: 'codex', action: 'task_pickup', detail: null }),
      event(7, {
        task_id: uuid('7a5c', 2),
        agent: 'claude',
        action: 'task_complete',
        detail: 'no json',
      }),
      event(8, {
        task_id: uuid('9a9e', 1),
        agent: 'codex',
        action: 'task_teleported',
        detail: '[1,2]',
      }),
      event(9, { project_id: second, action: 'project_touched', detail: '{}' }),
    ],
    docs: [
      {
        id: uuid('d0c5', 1),
        project_id: first,
        type: 'reference',
        title: 'PRD',
        body: '# What\n\n**Why** 😀',
        tags: '["prd","requirements"]',
        author: 'human',
        created_at: '2026-03-22 17:00:18',
        updated_at: '2026-03-22 17:00:18',
      },
      {
        id: uuid('d0c5', 2),
        project_id: second,
        type: 'learning',
        title: 't'.repeat(250),
        body: '',
        section: 'Notes',
        author: null,
        created_at: '2026-03-22 17:00:18',
        updated_at: '2026-03-23 17:00:18',
      },
    ],
  };
}
