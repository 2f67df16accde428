import type { FileStamp, ScanChanges, SkippedFile } from '@codepakt/contract';
import type { Connection } from './connection.ts';
import type { LeanConnection } from './lean-connection.ts';
import { rowsOfFile } from './row-ids.ts';
import type { Stage } from './stage.ts';
import { addText, copyText, STAGED_TABLES } from './staged-tables.ts';

export interface ReplaceOptions {
  /** Of the index that the scan was compared with. */
  generation: number;
  /** UTC, ISO 8601: when the scan was done. */
  scanned_at: string;
  /** Done in the same transaction. */
  record: () => void;
}

/**
 * Brings the index to what a scan found and staged, in one short transaction: readers see the old
 * index or the new one. Answers false, and changes nothing, when another scan was stored since this
 * one began.
 */
export function replaceFiles(
  connection: LeanConnection,
  stage: Stage,
  changes: ScanChanges,
  options: ReplaceOptions,
): boolean {
  const { replaced, isWhole, hasText } = stage.finish(changes);
  return connection.transaction(() => {
    if (generationOf(connection) !== options.generation) return false;
    if (isWhole) dropAll(connection, hasText);
    else dropRows(connection, replaced, changes);
    copyStaged(connection);
    if (hasText) copyText(connection);
    else addText(connection, 'main');
    for (const stamp of changes.touched) touch(connection, stamp);
    forgetPaths(connection);
    writeState(connection, changes, options.scanned_at);
    connection.run('UPDATE code_index SET generation = generation + 1');
    options.record();
    return true;
  });
}

/** Notes that a scan found the index to fit the tree; answers as `replaceFiles` does. */
export function confirmFiles(
  connection: LeanConnection,
  changes: ScanChanges,
  { generation, scanned_at }: Omit<ReplaceOptions, 'record'>,
): boolean {
  return connection.transaction(() => {
    if (generationOf(connection) !== generation) return false;
    writeState(connection, changes, scanned_at);
    return true;
  });
}

/** How often the index was changed; a scan states what it was compared with. */
export function generationOf(connection: Connection): number {
  const state = connection.first<{ generation: number }>('SELECT generation FROM code_index');
  return state?.generation ?? 0;
}

function dropAll(connection: LeanConnection, hasText: boolean): void {
  // FTS5 would remember what it finds there, and what is copied in its place would not be seen.
  if (!hasText) connection.run("INSERT INTO symbols_fts (symbols_fts) VALUES ('delete-all')");
  for (const table of STAGED_TABLES) connection.run(`DELETE FROM main.${table}`);
}

function dropRows(
  connection: LeanConnection,
  replaced: readonly number[],
  { relinked }: ScanChanges,
): void {
  for (const file of replaced) {
    const rows = rowsOfFile(file);
    connection.run(
      `DELETE FROM symbols_fts
       WHERE rowid IN (SELECT id FROM main.symbols WHERE id BETWEEN ? AND ?)`,
      ...rows,
    );
    connection.run('DELETE FROM main.symbols WHERE id BETWEEN ? AND ?', ...rows);
    connection.run('DELETE FROM main.imports WHERE id BETWEEN ? AND ?', ...rows);
    connection.run('DELETE FROM main.import_targets WHERE import_id BETWEEN ? AND ?', ...rows);
    connection.run('DELETE FROM main.files WHERE id = ?', file);
  }
  for (const { id } of relinked) {
    connection.run('DELETE FROM main.import_targets WHERE import_id = ?', id);
  }
}

function copyStaged(connection: LeanConnection): void {
  for (const table of STAGED_TABLES) {
    connection.run(`INSERT INTO main.${table} SELECT * FROM staged.${table}`);
  }
}

function touch(connection: LeanConnection, stamp: FileStamp): void {
  connection.run(
    `UPDATE main.files SET size = ?, mtime = ?, hash = ?, extractor_version = ?
     WHERE id = (SELECT id FROM main.paths WHERE path = ?)`,
    stamp.size,
    stamp.mtime,
    stamp.hash,
    stamp.extractor_version,
    stamp.path,
  );
}

/** Paths that no file has any more and no import leads to. */
function forgetPaths(connection: LeanConnection): void {
  connection.run(
    `DELETE FROM main.paths
     WHERE NOT EXISTS (SELECT 1 FROM main.files f WHERE f.id = paths.id)
       AND NOT EXISTS (SELECT 1 FROM main.import_targets t WHERE t.target = paths.id)
       AND NOT EXISTS (SELECT 1 FROM main.files f WHERE f.package = paths.id)`,
  );
}

function writeState(connection: LeanConnection, changes: ScanChanges, scanned_at: string): void {
  connection.run(
    'UPDATE code_index SET scanned_at = ?, layout = ?, skipped = ?',
    scanned_at,
    changes.layout,
    JSON.stringify(changes.skipped),
  );
}

/** How many files were left out, by reason. */
export function countSkipped(skipped: readonly SkippedFile[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { reason } of skipped) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
