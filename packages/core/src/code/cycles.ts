import type { CyclesQuery, ImportCycles } from '@codepakt/contract';
import type { Connection } from './connection.ts';
import { type ImportGraph, lineOfImport, loadImportGraph, pathsOf } from './import-graph.ts';
import { shortestWay } from './shortest-way.ts';
import { staleAmong } from './stale-files.ts';
import { stronglyConnected } from './strongly-connected.ts';
import { type Edge, findImportedTypes } from './type-imports.ts';

const LIMIT = 20;

/** Groups of files that all reach each other by imports, each with a shortest way round. */
export function cycles(
  connection: Connection,
  root: string,
  { types = false, limit = LIMIT }: CyclesQuery,
): ImportCycles {
  const whole = loadImportGraph(connection, { types });
  const candidates = groupsIn(whole);
  const edges = edgesWithin(whole, candidates);
  const hidden = findImportedTypes(connection, types ? [] : edges);
  const graph = withOnly(
    whole,
    edges.filter((edge) => !hidden.areAll(edge)),
  );
  const groups = groupsIn(graph, candidates.flat())
    .map((group) => group.filter((id) => graph.members(id).length === 0))
    .filter((group) => group.length > 0)
    .sort((a, b) => b.length - a.length || (a[0] ?? 0) - (b[0] ?? 0));
  const rounds = groups.slice(0, limit).map((group) => wayRound(graph, group));
  const paths = pathsOf(connection, rounds.flat());
  const items = rounds.map((round, index) => ({
    files: groups[index]?.length ?? 0,
    cycle: round.map((id, at) => {
      const next = round[(at + 1) % round.length] ?? id;
      const targets = [next, graph.packageOf(next)];
      const line =
        hidden.lineOfOther({ importer: id, target: next }) ??
        lineOfImport(connection, id, targets, { types }) ??
        1;
      return { file: paths.get(id) ?? '', line };
    }),
  }));
  const named = items.flatMap(({ cycle }) => cycle.map(({ file }) => file));
  return { total: groups.length, items, stale: staleAmong(connection, root, named) };
}

function groupsIn(graph: ImportGraph, files?: readonly number[]): number[][] {
  return stronglyConnected(graph, files).filter(
    (group) => group.length > 1 || importsItself(graph, group),
  );
}

/** The imports that can be part of a cycle. */
function edgesWithin(graph: ImportGraph, groups: readonly number[][]): Edge[] {
  return groups.flatMap((group) => {
    const files = new Set(group);
    return group.flatMap((importer) =>
      Array.from(graph.targets(importer))
        .filter((target) => files.has(target))
        .map((target) => ({ importer, target })),
    );
  });
}

/** The graph with these imports alone. */
function withOnly(graph: ImportGraph, edges: readonly Edge[]): ImportGraph {
  const targets = new Map<number, Int32Array>();
  for (const [importer, own] of Map.groupBy(edges, (edge) => edge.importer)) {
    targets.set(
      importer,
      Int32Array.from(own, ({ target }) => target),
    );
  }
  const none = new Int32Array();
  return { ...graph, targets: (file) => targets.get(file) ?? none };
}

function importsItself(graph: ImportGraph, [file]: readonly number[]): boolean {
  return file !== undefined && graph.targets(file).includes(file);
}

/** Trying more files of a group than this as the beginning would take longer than it helps. */
const TRIES = 100;

/** A shortest way round within a group: the shortest of those from a file back to itself. */
function wayRound(graph: ImportGraph, group: readonly number[]): number[] {
  const within = new Set(group);
  let shortest: number[] | undefined;
  for (const file of group.slice(0, TRIES)) {
    const shorterThan = shortest?.length ?? Number.POSITIVE_INFINITY;
    shortest = shortestWay(graph, file, file, { within, shorterThan }) ?? shortest;
    if (shortest !== undefined && shortest.length <= 2) break;
  }
  return shortest ?? [...group];
}
