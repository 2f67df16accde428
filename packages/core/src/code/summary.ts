import type { CodeSummary, SkippedFile } from '@codepakt/contract';
import type { Connection } from './connection.ts';
import { entryPoints, type SummaryFile } from './entry-points.ts';
import { type ImportGraph, loadImportGraph, pathsOf } from './import-graph.ts';
import { indexTotals } from './index-totals.ts';
import { isVendored } from './is-vendored.ts';
import { countSkipped } from './replace-files.ts';

const TOP = 10;

type FileCount = CodeSummary['folders'][number];

/**
 * The project at a glance: its size, its languages, and of its own files those that hold it together.
 */
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
  const files = connection.all<SummaryFile>(
    'SELECT id, path, is_test FROM files JOIN paths USING (id)',
  );
  const own = files.filter(({ path }) => !isVendored(path));
  const graph = loadImportGraph(connection);
  return {
    ...totals,
    languages: indexTotals(connection).languages,
    folders: topFolders(own.length > 0 ? own : files),
    most_imported: mostImported(connection, graph),
    entry_points: top(entryPoints(own, graph, TOP)),
    skipped: countSkipped(JSON.parse(state.skipped) as SkippedFile[]),
    scanned_at: state.scanned_at,
  };
}

/** The folders at the top; where most of a project lies in one of them, those in it instead. */
function topFolders(files: readonly SummaryFile[]): FileCount[] {
  const first = countFolders(files, () => 0);
  const main = [...first].find(([, count]) => count > files.length / 2)?.[0] ?? './';
  const folders =
    main === './'
      ? first
      : countFolders(files, (path) => (path.startsWith(main) ? main.length : 0));
  return top([...folders].map(([file, count]) => ({ file, count })));
}

/** How many files lie in each folder, up to the first slash from a place in their path on. */
function countFolders(
  files: readonly SummaryFile[],
  placeIn: (path: string) => number,
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const slash = path.indexOf('/', placeIn(path));
    const folder = slash < 0 ? path.slice(0, path.lastIndexOf('/') + 1) : path.slice(0, slash + 1);
    counts.set(folder || './', (counts.get(folder || './') ?? 0) + 1);
  }
  return counts;
}

function mostImported(connection: Connection, graph: ImportGraph): FileCount[] {
  const counts: { id: number; count: number }[] = [];
  for (let id = 0; id < graph.size; id++) {
    const count = graph.importers(id).length;
    if (count > 0) counts.push({ id, count });
  }
  const best = counts.sort((a, b) => b.count - a.count || a.id - b.id).slice(0, MOST_LOOKED_AT);
  const paths = pathsOf(
    connection,
    best.map(({ id }) => id),
  );
  return best
    .map(({ id, count }) => ({ file: paths.get(id) ?? '', count }))
    .filter(({ file }) => !isVendored(file))
    .slice(0, TOP);
}

/** Of what others have written, so much may be imported more than anything of the project's own. */
const MOST_LOOKED_AT = 200;

function top(counts: readonly FileCount[]): FileCount[] {
  return [...counts].sort((a, b) => b.count - a.count).slice(0, TOP);
}
