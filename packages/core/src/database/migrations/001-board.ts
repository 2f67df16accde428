/**
 * The coordination half: tasks, notes, agents, events, docs. No column limits how long a text may
 * be: the contract does, for what comes in; an older board that is carried over may hold longer ones.
 */
export const board = `
CREATE TABLE projects (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  description TEXT CHECK (length(description) <= 2000),
  settings TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(settings)),
  created_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE tasks (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL CHECK (length(title) >= 1),
  -- Not IN, for which SQLite would build a table of the words at every change of a status; and no
  -- function of an assignee, since what calls one is prepared to be taken back by itself.
  status TEXT NOT NULL CHECK (
    status = 'backlog' OR status = 'open' OR status = 'in-progress' OR status = 'review'
    OR status = 'done' OR status = 'blocked' OR status = 'cancelled'),
  hold INTEGER NOT NULL DEFAULT 0 CHECK (hold IN (0, 1)),
  priority INTEGER NOT NULL CHECK (priority BETWEEN 0 AND 2),
  assignee TEXT CHECK (assignee <> ''),
  epic TEXT CHECK (length(epic) >= 1),
  tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags)),
  capabilities TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(capabilities)),
  touches TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(touches)),
  unmet INTEGER NOT NULL DEFAULT 0 CHECK (unmet >= 0),
  deps_met INTEGER GENERATED ALWAYS AS (unmet = 0) VIRTUAL,
  claim INTEGER NOT NULL DEFAULT 0,
  lease_seconds INTEGER CHECK (lease_seconds > 0),
  lease_expires_at TEXT,
  expiries INTEGER NOT NULL DEFAULT 0,
  completed_by TEXT,
  reviewed_by TEXT,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  started_at TEXT,
  completed_at TEXT,
  legacy_id TEXT UNIQUE,
  blocker_reason TEXT,
  verify TEXT,
  acceptance_criteria TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(acceptance_criteria)),
  context_refs TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(context_refs)),
  description TEXT,
  CHECK (status <> 'open' OR unmet = 0),
  CHECK (status = 'in-progress' OR (lease_seconds IS NULL AND lease_expires_at IS NULL)),
  CHECK (status = 'backlog' OR hold = 0)
) STRICT;

-- The order in which tasks are picked up; nothing else is in it, so it stays as small as the queue.
CREATE INDEX tasks_ready ON tasks (assignee, priority, id) WHERE status = 'open';
CREATE INDEX tasks_ready_of_epic ON tasks (epic, assignee, priority, id)
  WHERE status = 'open' AND epic IS NOT NULL;
CREATE INDEX tasks_in_progress ON tasks (assignee, id) WHERE status = 'in-progress';
CREATE INDEX tasks_touching ON tasks (id) WHERE status = 'in-progress' AND touches <> '[]';
CREATE INDEX tasks_leased ON tasks (lease_expires_at) WHERE lease_expires_at IS NOT NULL;
CREATE INDEX tasks_active ON tasks (priority, id) WHERE status NOT IN ('done', 'cancelled');
CREATE INDEX tasks_by_status ON tasks (status, priority, id);
CREATE INDEX tasks_by_assignee ON tasks (assignee, priority, id)
  WHERE assignee IS NOT NULL AND status NOT IN ('done', 'cancelled');
CREATE INDEX tasks_by_epic ON tasks (epic, priority, id) WHERE epic IS NOT NULL;
CREATE INDEX tasks_completed ON tasks (completed_at, id) WHERE completed_at IS NOT NULL;

CREATE TABLE task_dependencies (
  task_id INTEGER NOT NULL REFERENCES tasks (id),
  depends_on INTEGER NOT NULL REFERENCES tasks (id),
  PRIMARY KEY (task_id, depends_on),
  CHECK (task_id <> depends_on)
) STRICT, WITHOUT ROWID;
CREATE INDEX task_dependents ON task_dependencies (depends_on, task_id);

CREATE TABLE task_notes (
  id INTEGER PRIMARY KEY,
  task_id INTEGER NOT NULL REFERENCES tasks (id),
  agent TEXT,
  body TEXT NOT NULL CHECK (length(body) >= 1),
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX task_notes_of_task ON task_notes (task_id, id);

CREATE TABLE task_counts (
  status TEXT NOT NULL,
  hold INTEGER NOT NULL,
  count INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (status, hold)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER task_counts_insert AFTER INSERT ON tasks BEGIN
  INSERT INTO task_counts (status, hold, count) VALUES (new.status, new.hold, 1)
    ON CONFLICT (status, hold) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER task_counts_update AFTER UPDATE OF status, hold ON tasks
WHEN old.status <> new.status OR old.hold <> new.hold BEGIN
  UPDATE task_counts SET count = count - 1 WHERE status = old.status AND hold = old.hold;
  INSERT INTO task_counts (status, hold, count) VALUES (new.status, new.hold, 1)
    ON CONFLICT (status, hold) DO UPDATE SET count = count + 1;
END;

CREATE VIRTUAL TABLE tasks_fts USING fts5 (
  title, description,
  content = 'tasks', content_rowid = 'id',
  tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
CREATE TRIGGER tasks_fts_insert AFTER INSERT ON tasks BEGIN
  INSERT INTO tasks_fts (rowid, title, description) VALUES (new.id, new.title, new.description);
END;
CREATE TRIGGER tasks_fts_update AFTER UPDATE OF title, description ON tasks BEGIN
  INSERT INTO tasks_fts (tasks_fts, rowid, title, description)
    VALUES ('delete', old.id, old.title, old.description);
  INSERT INTO tasks_fts (rowid, title, description) VALUES (new.id, new.title, new.description);
END;

CREATE TABLE agents (
  name TEXT PRIMARY KEY CHECK (length(name) >= 1),
  last_seen TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  task_id INTEGER,
  doc_id INTEGER,
  agent TEXT,
  action TEXT NOT NULL,
  version INTEGER,
  detail TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(detail)),
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_task ON events (task_id, id) WHERE task_id IS NOT NULL;
CREATE INDEX events_of_doc ON events (doc_id, id) WHERE doc_id IS NOT NULL;
CREATE INDEX events_of_agent ON events (agent, id) WHERE agent IS NOT NULL;
CREATE INDEX events_of_action ON events (action, id);
CREATE TRIGGER events_keep BEFORE UPDATE ON events BEGIN
  SELECT RAISE(ABORT, 'events are append-only');
END;
CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN
  SELECT RAISE(ABORT, 'events are append-only');
END;

-- Deleted docs leave their number behind: AUTOINCREMENT never gives one twice.
CREATE TABLE docs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  type TEXT NOT NULL CHECK (type IN ('operational', 'decision', 'reference', 'learning')),
  title TEXT NOT NULL CHECK (length(title) >= 1),
  section TEXT,
  tags TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(tags)),
  author TEXT,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  legacy_id TEXT UNIQUE,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX docs_by_type ON docs (type, id);

CREATE VIRTUAL TABLE docs_fts USING fts5 (
  title, tags, body,
  content = 'docs', content_rowid = 'id',
  tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3'
);
CREATE TRIGGER docs_fts_insert AFTER INSERT ON docs BEGIN
  INSERT INTO docs_fts (rowid, title, tags, body) VALUES (new.id, new.title, new.tags, new.body);
END;
CREATE TRIGGER docs_fts_delete AFTER DELETE ON docs BEGIN
  INSERT INTO docs_fts (docs_fts, rowid, title, tags, body)
    VALUES ('delete', old.id, old.title, old.tags, old.body);
END;
CREATE TRIGGER docs_fts_update AFTER UPDATE OF title, tags, body ON docs BEGIN
  INSERT INTO docs_fts (docs_fts, rowid, title, tags, body)
    VALUES ('delete', old.id, old.title, old.tags, old.body);
  INSERT INTO docs_fts (rowid, title, tags, body) VALUES (new.id, new.title, new.tags, new.body);
END;

-- With a rowid: answers are long and keys random, so kept in the order of the keys each would dirty
-- pages of its own in the middle of the table.
CREATE TABLE idempotency_keys (
  key TEXT PRIMARY KEY NOT NULL,
  fingerprint TEXT NOT NULL,
  response TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

CREATE TABLE metadata (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;
