import type { CodeSummary } from '@codepakt/contract';
import type { ImportGraph } from './import-graph.ts';

export interface SummaryFile {
  id: number;
  path: string;
  is_test: number;
}

/**
 * Files that bring in others and that nothing imports, or only tests and examples do: where programs
 * begin, and what a library is used by. Examples themselves are named where there is nothing else.
 * Each with how many files it brings in.
 */
export function entryPoints(
  files: readonly SummaryFile[],
  graph: ImportGraph,
  limit: number,
): CodeSummary['entry_points'] {
  const main = files.filter(
    ({ path, is_test }) => is_test === 0 && !ASIDE.test(path) && !/\.d\.[cm]?ts$/.test(path),
  );
  let starts = startsAmong(main, main, graph);
  if (starts.length === 0) {
    const others = files.filter(({ is_test }) => is_test === 0);
    starts = startsAmong(others, files, graph);
  }
  // Following imports to their end is for few: the files that import the most themselves, and those
  // that are called the beginning, which may import just one.
  const chosen = starts
    .map((file) => ({ file, width: graph.targets(file.id).length, isMain: MAIN.test(file.path) }))
    .sort((a, b) => b.width - a.width)
    .filter(({ isMain }, rank) => rank < limit || (isMain && rank < MOST_STARTS));
  return chosen.map(({ file }) => ({ file: file.path, count: countReached(graph, file.id) }));
}

const MAIN = /(?:^|\/)(?:main\.\w+|__main__\.py|manage\.py)$/;
const MOST_STARTS = 100;

/** Where projects, and packages in them, keep what is not used by others. */
const ASIDE =
  /(?:^|\/)test[-_]?(?:utils?|helpers?|support)\/|^(?:packages\/(?:[^/]+\/)?)?(?:examples?|samples?|demos?|docs?|bench(?:marks?)?|integration|playgrounds?|scripts|website|www)\//i;

/** Those that import something and that none of `importers` imports. */
function startsAmong(
  files: readonly SummaryFile[],
  importers: readonly SummaryFile[],
  graph: ImportGraph,
): SummaryFile[] {
  const paths = new Map(importers.map(({ id, path }) => [id, path]));
  return files.filter(({ id, path }) => {
    if (graph.targets(id).length === 0) return false;
    const folder = folderOfPackage(path);
    const isFromOutside = (importer: number) => {
      const from = paths.get(importer);
      return from !== undefined && importer !== id && (folder === null || !from.startsWith(folder));
    };
    const isImported = (target: number) => graph.importers(target).some(isFromOutside);
    return !isImported(id) && !isImported(graph.packageOf(id));
  });
}

/** The folder that a file stands for; what is in there may import it too. Null for any other file. */
function folderOfPackage(path: string): string | null {
  return /^(.*\/)?(?:index\.(?:d\.)?[cm]?[jt]sx?|__init__\.pyi?)$/.test(path)
    ? path.slice(0, path.lastIndexOf('/') + 1)
    : null;
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
