/**
 * The code index. It can be rebuilt from the files at any time, and one operation alone writes it
 * (`code/replace-files.ts`), so its tables have neither foreign keys nor triggers: SQLite copies
 * the tables of a staged scan page by page only where there are none.
 * A worktree's own index (`codepakt/index.db` in its git directory) has just these tables.
 */
export const codeIndex = `
-- Everything a file or an import can be: indexed files, other files that are imported (a .json),
-- and, with a slash at the end, folders that are imported as a whole.
CREATE TABLE paths (
  id INTEGER PRIMARY KEY,
  path TEXT NOT NULL UNIQUE CHECK (path <> '')
) STRICT;

-- id: that of its path.
CREATE TABLE files (
  id INTEGER PRIMARY KEY,
  language TEXT NOT NULL,
  size INTEGER CHECK (size >= 0),
  mtime INTEGER,
  hash TEXT NOT NULL CHECK (length(hash) = 64),
  extractor_version INTEGER NOT NULL,
  lines INTEGER NOT NULL CHECK (lines >= 0),
  has_errors INTEGER NOT NULL CHECK (has_errors IN (0, 1)),
  is_test INTEGER NOT NULL CHECK (is_test IN (0, 1)),
  -- The id of the folder whose import brings it in.
  package INTEGER,
  symbols INTEGER NOT NULL CHECK (symbols >= 0),
  imports INTEGER NOT NULL CHECK (imports >= 0)
) STRICT;
CREATE INDEX files_of_package ON files (package) WHERE package IS NOT NULL;

-- id: 2097152 times the file's, plus the number of the symbol within it, in the order of the text.
CREATE TABLE symbols (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  -- OR, and the frequent ones first: for IN, SQLite builds a table anew for each row.
  kind TEXT NOT NULL CHECK (kind = 'property' OR kind = 'method' OR kind = 'function'
    OR kind = 'constant' OR kind = 'variable' OR kind = 'class' OR kind = 'interface'
    OR kind = 'type' OR kind = 'enum_member' OR kind = 'constructor' OR kind = 'enum'
    OR kind = 'namespace' OR kind = 'struct'),
  parent TEXT,
  line INTEGER NOT NULL,
  column INTEGER NOT NULL,
  start_line INTEGER NOT NULL,
  end_line INTEGER NOT NULL,
  exported INTEGER NOT NULL CHECK (exported IN (0, 1)),
  signature TEXT NOT NULL,
  doc TEXT,
  -- JSON, or null for none.
  metadata TEXT
) STRICT;
CREATE INDEX symbols_by_name ON symbols (name COLLATE NOCASE, exported);

-- Holds no text of its own. The name is in it whole and in its words.
CREATE VIRTUAL TABLE symbols_fts USING fts5 (
  name, signature, doc,
  content = '', contentless_delete = 1,
  tokenize = 'unicode61 remove_diacritics 2'
);
-- A first scan sorts its words once, in memory, instead of merging many small parts of the index.
INSERT INTO symbols_fts (symbols_fts, rank) VALUES ('hashsize', 67108864);

-- id: as of symbols. names: JSON, [] or ["a", ["b", "alias of b"]].
CREATE TABLE imports (
  id INTEGER PRIMARY KEY,
  specifier TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind = 'import' OR kind = 'type' OR kind = 'reexport'
    OR kind = 'require' OR kind = 'dynamic' OR kind = 'side_effect'),
  line INTEGER NOT NULL,
  names TEXT NOT NULL
) STRICT;

-- What of the project an import brings in: ids of paths. types: an import of types alone.
CREATE TABLE import_targets (
  import_id INTEGER NOT NULL,
  target INTEGER NOT NULL,
  types INTEGER NOT NULL CHECK (types IN (0, 1)),
  PRIMARY KEY (import_id, target)
) STRICT, WITHOUT ROWID;
CREATE INDEX imports_by_target ON import_targets (target, import_id);

-- One row: the state of the index as a whole.
CREATE TABLE code_index (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  -- Counts what was written; a scan that began with an older number begins anew.
  generation INTEGER NOT NULL,
  scanned_at TEXT,
  -- The scanner's own note to its next scan.
  layout TEXT,
  -- The files that were left out, each with the reason and how it was: JSON.
  skipped TEXT NOT NULL CHECK (json_valid(skipped))
) STRICT;
INSERT INTO code_index (id, generation, skipped) VALUES (1, 0, '[]');
`;
