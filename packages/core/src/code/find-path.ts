import type { ImportPath } from '@codepakt/contract';
import type { Connection } from './connection.ts';
import { lineOfImport, loadImportGraph, pathsOf } from './import-graph.ts';
import { requireFile } from './require-file.ts';
import { shortestWay } from './shortest-way.ts';
import { staleAmong } from './stale-files.ts';

/**
 * How one file reaches another by imports, the shortest way.
 * @throws CodepaktError `file_not_found`
 */
export function findPath(
  connection: Connection,
  root: string,
  { from, to }: { from: string; to: string },
): ImportPath {
  const start = requireFile(connection, from);
  const end = requireFile(connection, to);
  const graph = loadImportGraph(connection);
  const way = shortestWay(graph, start.id, end.id);
  if (way === undefined) return { steps: [], stale: staleAmong(connection, root, [from, to]) };
  const ids = [...way, end.id];
  const paths = pathsOf(connection, ids);
  const steps = ids.map((id, at) => {
    const next = ids[at + 1];
    const line =
      next === undefined ? null : lineOfImport(connection, id, [next, graph.packageOf(next)]);
    return { file: paths.get(id) ?? '', line };
  });
  const named = steps.map(({ file }) => file);
  return { steps, stale: staleAmong(connection, root, named) };
}
