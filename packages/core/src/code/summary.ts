import type { CodeSummary } from '@codepakt/contract';
import type { Connection } from './connection.ts';
import { type ImportGraph, loadImportGraph } from './import-graph.ts';

const TOP = 10;

interface FileRow {
  id: number;
  path: string;
  language: string;
  is_test: number;
}

type FileCount = CodeSummary['folders'][number];

/** The project at a glance: its size, its languages, and the files that hold it together. */
export function summary(connection: Connection): CodeSummary {
  const totals = connection.first<
    Pick<CodeSummary, 'files' | 'lines' | 'symbols' | 'imports' | 'tests' | 'with_errors'>
  >(
    `SELECT count(*) AS files, coalesce(sum(lines), 0) AS lines,
       coalesce(sum(symbols), 0) AS symbols, coalesce(sum(imports), 0) AS imports,
       coalesce(sum(is_test), 0) AS tests, coalesce(sum(has_errors), 0) AS with_errors
     FROM files`,
  );
  const state = connection.first<{ scanned_at: string | null; skipped: string }>(
    'SELECT scanned_at, skipped FROM code_index',
  );
  if (totals === undefined || state === undefined) throw new Error('an aggregate has one row');
  const files = connection.all<FileRow>(
    'SELECT id, path, language, is_test FROM files JOIN paths USING (id) ORDER BY path',
  );
  const graph = loadImportGraph(connection);
  return {
    ...totals,
    languages: countBy(files, ({ language }) => language),
    folders: topFolders(files),
    most_imported: mostImported(connection, graph),
    entry_points: entryPoints(files, graph),
    skipped: JSON.parse(state.skipped) as Record<string, number>,
    scanned_at: state.scanned_at,
  };
}

function countBy(files: readonly FileRow[], keyOf: (file: FileRow) => string) {
  const counts = new Map<string, number>();
  for (const file of files) counts.set(keyOf(file), (counts.get(keyOf(file)) ?? 0) + 1);
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1]));
}

/** The folders of the first two levels; the second level only where most of a project lies in one. */
function topFolders(files: readonly FileRow[]): FileCount[] {
  const first = countBy(files, ({ path }) => folderOf(path, 1));
  const main = Object.entries(first).find(([, count]) => count > files.length / 2)?.[0];
  const folders = countBy(files, ({ path }) => folderOf(path, folderOf(path, 1) === main ? 2 : 1));
  return top(Object.entries(folders).map(([file, count]) => ({ file, count })));
}

/** `src/vs/` of `src/vs/base/a.ts` at two levels; `./` for files that lie in no folder. */
function folderOf(path: string, levels: number): string {
  const parts = path.split('/').slice(0, -1).slice(0, levels);
  return parts.length === 0 ? './' : `${parts.join('/')}/`;
}

function mostImported(connection: Connection, graph: ImportGraph): FileCount[] {
  const best = Array.from({ length: graph.size }, (_, id) => ({
    id,
    count: graph.importers(id).length,
  }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, TOP);
  return best.flatMap(({ id, count }) => {
    const row = connection.first<{ path: string }>('SELECT path FROM paths WHERE id = ?', id);
    return row === undefined ? [] : [{ file: row.path, count }];
  });
}

/** Files that nothing imports and that bring in others: where programs begin. */
function entryPoints(files: readonly FileRow[], graph: ImportGraph): FileCount[] {
  const isImported = (id: number) =>
    graph.importers(id).some((importer) => importer !== id) ||
    graph.importers(graph.packageOf(id)).length > 0;
  const starts = files.filter(
    ({ id, is_test }) => is_test === 0 && graph.targets(id).length > 0 && !isImported(id),
  );
  // Following each one's imports to the end is for the few that import the most themselves.
  const widest = starts
    .sort((a, b) => graph.targets(b.id).length - graph.targets(a.id).length)
    .slice(0, TOP * 3);
  return top(widest.map(({ id, path }) => ({ file: path, count: countReached(graph, id) })));
}

function countReached(graph: ImportGraph, start: number): number {
  const seen = new Uint8Array(graph.size);
  const left = [start];
  seen[start] = 1;
  let count = 0;
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    for (const target of graph.targets(file)) {
      const members = graph.members(target);
      for (const next of members.length > 0 ? members : [target]) {
        if (seen[next] === 1) continue;
        seen[next] = 1;
        count++;
        left.push(next);
      }
    }
  }
  return count;
}

function top(counts: readonly FileCount[]): FileCount[] {
  return [...counts].sort((a, b) => b.count - a.count).slice(0, TOP);
}
