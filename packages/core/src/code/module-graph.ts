import type { ModuleGraph } from '@codepakt/contract';
import type { Connection } from './connection.ts';
import { type ImportGraph, loadImportGraph } from './import-graph.ts';
import { stronglyConnected } from './strongly-connected.ts';

/** As many as a person can tell apart in a picture. */
const MOST_FOLDERS = 60;
const DEEPEST = 8;

interface FileRow {
  id: number;
  path: string;
  lines: number;
}

/** The folders of the project and which import which; as deep as leaves them few enough to draw. */
export function moduleGraph(connection: Connection): ModuleGraph {
  const files = connection.all<FileRow>(
    'SELECT id, path, lines FROM files JOIN paths USING (id) ORDER BY path',
  );
  const depth = depthFor(files);
  const names = [...new Set(files.map(({ path }) => folderOf(path, depth)))];
  const numberOf = new Map(names.map((name, index) => [name, index]));
  const folderOfFile = new Map(
    files.map(({ id, path }) => [id, numberOf.get(folderOf(path, depth)) ?? 0]),
  );
  const counts = countEdges(loadImportGraph(connection), folderOfFile, names.length);
  const group = groupsOf(counts);
  return {
    folders: names.map((folder, index) => {
      const own = files.filter(({ id }) => folderOfFile.get(id) === index);
      return {
        folder,
        files: own.length,
        lines: own.reduce((sum, { lines }) => sum + lines, 0),
      };
    }),
    edges: counts.flatMap((targets, from) =>
      [...targets].map(([to, count]) => ({
        from: names[from] ?? '',
        to: names[to] ?? '',
        count,
        is_cyclic: group[from] === group[to],
      })),
    ),
  };
}

function depthFor(files: readonly FileRow[]): number {
  let depth = DEEPEST;
  while (depth > 1 && new Set(files.map(({ path }) => folderOf(path, depth))).size > MOST_FOLDERS) {
    depth--;
  }
  return depth;
}

function folderOf(path: string, depth: number): string {
  const parts = path.split('/').slice(0, -1).slice(0, depth);
  return parts.length === 0 ? './' : `${parts.join('/')}/`;
}

/** For each folder, the others that its files import, and how many such imports there are. */
function countEdges(
  graph: ImportGraph,
  folderOfFile: ReadonlyMap<number, number>,
  folders: number,
): Map<number, number>[] {
  const counts = Array.from({ length: folders }, () => new Map<number, number>());
  for (const [file, from] of folderOfFile) {
    const reached = new Set<number>();
    for (const target of graph.targets(file)) {
      const members = graph.members(target);
      const to = folderOfFile.get(members[0] ?? target);
      if (to !== undefined && to !== from) reached.add(to);
    }
    for (const to of reached) counts[from]?.set(to, (counts[from]?.get(to) ?? 0) + 1);
  }
  return counts;
}

/** The number of the group of folders that all reach each other, for each folder. */
function groupsOf(counts: readonly Map<number, number>[]): Int32Array {
  const groups = stronglyConnected({
    size: counts.length,
    targets: (folder) => Int32Array.from(counts[folder]?.keys() ?? []),
    importers: () => new Int32Array(),
    members: () => [],
    packageOf: () => 0,
  });
  const result = new Int32Array(counts.length);
  for (const [number, group] of groups.entries())
    for (const folder of group) result[folder] = number;
  return result;
}
