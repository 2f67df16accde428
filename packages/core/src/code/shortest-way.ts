import type { ImportGraph } from './import-graph.ts';

/**
 * The files on a shortest way of imports from one file to another, the first among them and the
 * last not: `[a, b]` when a imports b and b imports `to`. Undefined when there is none.
 * @param within only by way of these
 */
export function shortestWay(
  graph: ImportGraph,
  from: number,
  to: number,
  within?: ReadonlySet<number>,
): number[] | undefined {
  const before = new Map<number, number>();
  let reached = [from];
  while (reached.length > 0) {
    const next: number[] = [];
    for (const file of reached) {
      for (const target of filesBehind(graph, file)) {
        if (target === to) return wayTo(file, from, before);
        if (target === from || before.has(target) || within?.has(target) === false) continue;
        before.set(target, file);
        next.push(target);
      }
    }
    reached = next;
  }
  return undefined;
}

/** What a file imports, with folders replaced by the files in them. */
function* filesBehind(graph: ImportGraph, file: number): Generator<number> {
  for (const target of graph.targets(file)) {
    yield target;
    yield* graph.members(target);
  }
}

function wayTo(last: number, from: number, before: ReadonlyMap<number, number>): number[] {
  const way = [last];
  for (let file = last; file !== from; ) {
    file = before.get(file) ?? from;
    way.push(file);
  }
  return way.reverse();
}
