import type { CodeSummary, SkippedFile } from '@codepakt/contract';
import type { Connection } from './connection.ts';
import { type ImportGraph, loadImportGraph, pathsOf } from './import-graph.ts';
import { indexTotals } from './index-totals.ts';
import { countSkipped } from './replace-files.ts';

const TOP = 10;

interface FileRow {
  id: number;
  path: string;
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
    'SELECT id, path, is_test FROM files JOIN paths USING (id)',
  );
  const graph = loadImportGraph(connection);
  return {
    ...totals,
    languages: indexTotals(connection).languages,
    folders: topFolders(files),
    most_imported: mostImported(connection, graph),
    entry_points: entryPoints(files, graph),
    skipped: countSkipped(JSON.parse(state.skipped) as SkippedFile[]),
    scanned_at: state.scanned_at,
  };
}

/** The folders at the top; where most of a project lies in one of them, those in it instead. */
function topFolders(files: readonly FileRow[]): FileCount[] {
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
  files: readonly FileRow[],
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
  const best = counts.sort((a, b) => b.count - a.count || a.id - b.id).slice(0, TOP);
  const paths = pathsOf(
    connection,
    best.map(({ id }) => id),
  );
  return best.map(({ id, count }) => ({ file: paths.get(id) ?? '', count }));
}

/**
 * Files that bring in others and that nothing imports, or only tests and examples do: where programs
 * begin, and what a library is used by. Examples themselves are named where there is nothing else.
 */
function entryPoints(files: readonly FileRow[], graph: ImportGraph): FileCount[] {
  const main = files.filter(({ path, is_test }) => is_test === 0 && !isAside(path));
  const isMain = new Uint8Array(graph.size);
  for (const { id } of main) isMain[id] = 1;
  const starts = startsAmong(main, graph, isMain);
  if (starts.length === 0) {
    const aside = files.filter(({ id, is_test }) => is_test === 0 && isMain[id] === 0);
    starts.push(...startsAmong(aside, graph, isMain.fill(1)));
  }
  // Following imports to their end is for the few files that import the most themselves.
  const widest = starts.sort((a, b) => b.width - a.width).slice(0, TOP);
  return top(widest.map(({ id, path }) => ({ file: path, count: countReached(graph, id) })));
}

interface Start {
  id: number;
  path: string;
  width: number;
}

function startsAmong(files: readonly FileRow[], graph: ImportGraph, isMain: Uint8Array): Start[] {
  const starts: Start[] = [];
  for (const { id, path } of files) {
    const width = graph.targets(id).length;
    if (width > 0 && !isImported(graph, id, isMain)) starts.push({ id, path, width });
  }
  return starts;
}

/** By a file of the main part of the project. */
function isImported(graph: ImportGraph, file: number, isMain: Uint8Array): boolean {
  for (const importer of graph.importers(file)) {
    if (importer !== file && isMain[importer] === 1) return true;
  }
  const folder = graph.packageOf(file);
  return folder !== 0 && graph.importers(folder).some((importer) => isMain[importer] === 1);
}

/** Whether a file lies where projects, and packages in them, keep what is not used by others. */
function isAside(path: string): boolean {
  return ASIDE.test(path);
}

const ASIDE =
  /^(?:packages\/(?:[^/]+\/)?)?(?:examples?|samples?|demos?|docs?|bench(?:marks?)?|playgrounds?|scripts|website|www)\//i;

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
