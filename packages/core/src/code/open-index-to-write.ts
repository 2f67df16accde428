import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { CodepaktError } from '@codepakt/contract/light';
import { codeIndex } from '../database/migrations/002-code-index.ts';
import {
  INDEX_APPLICATION_ID,
  NEWEST_VERSION,
  SCHEMA_VERSION_TABLE,
} from '../database/migrations.ts';
import { refuseUnsafePlace } from '../database/network-file-system.ts';
import { openDatabase } from '../database/open-database.ts';
import { asFileError, makeFolder } from '../write-file.ts';
import { IndexWriter } from './index-writer.ts';
import { LeanConnection } from './lean-connection.ts';
import { versionOfIndex } from './open-index.ts';

/**
 * Opens the index in a board's database to store a scan.
 * @throws CodepaktError whatever opening the board throws
 */
export function openBoardIndex(file: string): IndexWriter {
  return new IndexWriter(openBoard(file));
}

/**
 * Opens a worktree's own index to store a scan; it is made when it is not there, and anew when
 * another version wrote it. The scan's event goes to the board.
 * @param folder the worktree
 */
export function openWorktreeIndex(file: string, board: string, folder: string): IndexWriter {
  const connection = openIndexFile(file);
  try {
    return new IndexWriter(connection, openBoard(board), folder);
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Opened in full first: that migrates it, and refuses what is not ours or not safe. */
function openBoard(file: string): LeanConnection {
  openDatabase(file, { busy_timeout_ms: 5_000, auto_checkpoint: true }).close();
  return setUp(new LeanConnection(file));
}

function openIndexFile(file: string): LeanConnection {
  makeFolder(dirname(file));
  refuseUnsafePlace(file);
  // Made here and not by SQLite, so that nobody else may read it for a moment; WAL files inherit it.
  if (!existsSync(file)) asFileError(file, () => closeSync(openSync(file, 'a', 0o600)));
  const connection = new LeanConnection(file);
  try {
    connection.first('PRAGMA journal_mode = WAL');
    if (versionOfIndex(connection) < NEWEST_VERSION) makeTables(connection);
    return setUp(connection);
  } catch (error) {
    connection.close();
    throw isDamaged(error) ? unusable(file, error) : error;
  }
}

/** An index can be rebuilt, so an older one is not migrated. */
function makeTables(connection: LeanConnection): void {
  connection.transaction(() => {
    const version = versionOfIndex(connection);
    if (version === NEWEST_VERSION) return;
    const tables = connection.all<{ name: string }>(
      `SELECT name FROM sqlite_schema
       WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'symbols\\_fts\\_%' ESCAPE '\\'`,
    );
    if (version === 0 && tables.length > 0) {
      throw new CodepaktError('database_foreign', `${connection.file} is not a code index`);
    }
    for (const { name } of tables) connection.exec(`DROP TABLE "${name.replaceAll('"', '""')}"`);
    connection.exec(SCHEMA_VERSION_TABLE);
    connection.exec(codeIndex);
    connection.run(
      'INSERT INTO schema_version VALUES (?, ?)',
      NEWEST_VERSION,
      new Date().toISOString(),
    );
    connection.exec(`PRAGMA application_id = ${INDEX_APPLICATION_ID}`);
  });
}

function setUp(connection: LeanConnection): LeanConnection {
  connection.exec('PRAGMA trusted_schema = OFF');
  // After a power cut the index may be a scan behind: it can be rebuilt.
  connection.exec('PRAGMA synchronous = NORMAL');
  return connection;
}

function isDamaged(error: unknown): boolean {
  return (
    error instanceof CodepaktError &&
    (error.code === 'database_damaged' || error.code === 'database_foreign')
  );
}

function unusable(file: string, cause: unknown): CodepaktError {
  return new CodepaktError('database_damaged', `${file} is damaged, or none of ours`, {
    hint: 'It holds nothing but the code index: delete it and scan again.',
    cause,
  });
}
