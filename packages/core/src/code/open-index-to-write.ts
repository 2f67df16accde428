import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { CodepaktError } from '@codepakt/contract/light';
import { refuseForeignCode, SCHEMA_CODE, type SchemaCode } from '../database/foreign-code.ts';
import { codeIndex } from '../database/migrations/002-code-index.ts';
import {
  INDEX_APPLICATION_ID,
  NEWEST_VERSION,
  SCHEMA_VERSION_TABLE,
} from '../database/migrations.ts';
import { refuseUnsafePlace } from '../database/network-file-system.ts';
import { requireSafeSqlite } from '../database/safe-sqlite.ts';
import { asFileError, makeFolder } from '../write-file.ts';
import { IndexWriter } from './index-writer.ts';
import { LeanConnection } from './lean-connection.ts';
import { versionOfIndex } from './open-index.ts';

/**
 * Opens the index in a board's database to store a scan.
 * @throws CodepaktError whatever opening the board throws
 */
export async function openBoardIndex(file: string): Promise<IndexWriter> {
  return new IndexWriter(await openBoard(file));
}

/**
 * Opens a worktree's own index to store a scan; it is made when it is not there, and anew when
 * another version wrote it. The scan's event goes to the board.
 * @param folder the worktree
 */
export async function openWorktreeIndex(
  file: string,
  board: string,
  folder: string,
): Promise<IndexWriter> {
  const boardConnection = await openBoard(board);
  try {
    return new IndexWriter(openIndexFile(file), boardConnection, folder);
  } catch (error) {
    boardConnection.close();
    throw error;
  }
}

async function openBoard(file: string): Promise<LeanConnection> {
  const reader = existsSync(file) ? new LeanConnection(file, { readonly: true }) : undefined;
  try {
    // While it is open, SQLite need not make the files beside the database anew.
    if (reader && versionOfIndex(reader) === NEWEST_VERSION) return openCurrent(file);
  } finally {
    reader?.close();
  }
  // Migrates it, or says why it can't be used. Loaded only then: it brings the query builder.
  const { openDatabase } = await import('../database/open-database.ts');
  openDatabase(file, { busy_timeout_ms: 5_000, auto_checkpoint: true }).close();
  return openCurrent(file);
}

function openCurrent(file: string): LeanConnection {
  refuseUnsafePlace(file);
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
  } catch (error) {
    connection.close();
    throw isDamaged(error) ? unusable(file, error) : error;
  }
  return setUp(connection);
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

/** The checks that a database of ours has to pass before anything is written to it. */
function setUp(connection: LeanConnection): LeanConnection {
  try {
    const sqlite = connection.first<{ version: string }>('SELECT sqlite_version() AS version');
    requireSafeSqlite(sqlite?.version);
    connection.exec('PRAGMA trusted_schema = OFF');
    refuseForeignCode(connection.file, connection.all<SchemaCode>(SCHEMA_CODE));
    // After a power cut the index may be a scan behind: it can be rebuilt.
    connection.exec('PRAGMA synchronous = NORMAL');
    return connection;
  } catch (error) {
    connection.close();
    throw error;
  }
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
