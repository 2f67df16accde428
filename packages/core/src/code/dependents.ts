import type { DependentsQuery, FileDependents } from '@codepakt/contract';
import type { Connection } from './connection.ts';
import { notIndexed, requireFile } from './require-file.ts';
import { staleAmong } from './stale-files.ts';

const LIMIT = 100;

/**
 * The files that import a file, or with `transitive` all that reach it, the nearest first and
 * tests last. In Go, whoever imports a file's package depends on the file.
 * @throws CodepaktError `file_not_found`
 */
export function dependents(
  connection: Connection,
  root: string,
  { file, transitive = false, limit = LIMIT }: DependentsQuery,
): FileDependents {
  const targets = targetsOf(connection, file);
  const found = transitive
    ? reaching(connection, targets, limit)
    : importing(connection, targets, limit);
  const named = [file, ...found.items.map((item) => item.file)];
  return { file, ...found, stale: staleAmong(connection, root, named) };
}

/** The ids under which a file, or a path that is imported but not indexed, may be imported. */
function targetsOf(connection: Connection, path: string): number[] {
  const other = connection.first<{ id: number }>(
    `SELECT id FROM paths WHERE path = ? AND NOT EXISTS (SELECT 1 FROM files f WHERE f.id = paths.id)
       AND EXISTS (SELECT 1 FROM import_targets t WHERE t.target = paths.id)`,
    path,
  );
  if (other !== undefined) return [other.id];
  if (path.endsWith('/')) throw notIndexed(connection, path);
  const file = requireFile(connection, path);
  return file.package === null ? [file.id] : [file.id, file.package];
}

type Found = Pick<FileDependents, 'total' | 'items'>;

function importing(connection: Connection, targets: readonly number[], limit: number): Found {
  const rows = connection.all<{ file: string; line: number }>(
    `SELECT p.path AS file, min(i.line) AS line
     FROM json_each(?) wanted
     CROSS JOIN import_targets t ON t.target = wanted.value
     JOIN imports i ON i.id = t.import_id
     JOIN files f ON f.id = t.import_id >> 21
     JOIN paths p ON p.id = f.id
     GROUP BY f.id ORDER BY f.is_test, p.path`,
    JSON.stringify(targets),
  );
  const items = rows.slice(0, limit).map((row) => ({ ...row, distance: 1 }));
  return { total: rows.length, items };
}

function reaching(connection: Connection, targets: readonly number[], limit: number): Found {
  const steps = stepsTo(connection, targets);
  const items: Found['items'] = [];
  for (const is_test of [0, 1]) {
    for (const [step, files] of steps.entries()) {
      if (items.length >= limit) break;
      const rows = connection.all<{ file: string }>(
        `SELECT p.path AS file
         FROM json_each(?) found CROSS JOIN files f ON f.id = found.value JOIN paths p ON p.id = f.id
         WHERE f.is_test = ? ORDER BY p.path LIMIT ?`,
        JSON.stringify(files),
        is_test,
        limit - items.length,
      );
      for (const { file } of rows) items.push({ file, distance: step + 1, line: null });
    }
  }
  return { total: steps.reduce((sum, files) => sum + files.length, 0), items };
}

/**
 * The files that reach one of the targets: those that import it, then those that import these, and so
 * on. Asked step by step: SQLite follows the edges faster than they could be loaded.
 */
function stepsTo(connection: Connection, targets: readonly number[]): number[][] {
  const steps: number[][] = [];
  const packages = packageOfEachFile(connection);
  const seen = new Set(targets);
  let reached = [...targets];
  while (reached.length > 0) {
    const importers = importersOf(connection, reached).filter((file) => !seen.has(file));
    if (importers.length > 0) steps.push(importers);
    // Whoever imports the folder of a file imports the file.
    const folders = importers.flatMap((file) => packages.get(file) ?? []);
    reached = [...new Set([...importers, ...folders])].filter((id) => !seen.has(id));
    for (const id of reached) seen.add(id);
  }
  return steps;
}

function importersOf(connection: Connection, targets: readonly number[]): number[] {
  return readIds(
    connection,
    `SELECT json_group_array(DISTINCT t.import_id >> 21) AS ids
     FROM json_each(?) wanted CROSS JOIN import_targets t ON t.target = wanted.value`,
    targets,
  );
}

/** The folders by which files are imported, which only those of Go are: most repositories have few. */
function packageOfEachFile(connection: Connection): Map<number, number> {
  const { pairs } = connection.first<{ pairs: string }>(
    `SELECT json_group_array(json_array(id, package)) AS pairs
     FROM files WHERE package IS NOT NULL`,
  ) ?? { pairs: '[]' };
  return new Map(JSON.parse(pairs) as [file: number, folder: number][]);
}

/** One long text costs a quarter of what a row object for each id does. */
function readIds(connection: Connection, sql: string, of: readonly number[]): number[] {
  const { ids } = connection.first<{ ids: string }>(sql, JSON.stringify(of)) ?? { ids: '[]' };
  return JSON.parse(ids) as number[];
}
