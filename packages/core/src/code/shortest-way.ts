import type { ImportGraph } from './import-graph.ts';

export interface WayOptions {
  /** Only by way of these. */
  within?: ReadonlySet<number>;
  /** Only a way of fewer files. */
  shorterThan?: number;
}

/**
 * The files on a shortest way of imports from one file to another, the first among them and the
 * last not: `[a, b]` when a imports b and b imports `to`. Undefined when there is none.
 */
export function shortestWay(
  graph: ImportGraph,
  from: number,
  to: number,
  { within, shorterThan = Number.POSITIVE_INFINITY }: WayOptions = {},
): number[] | undefined {
  const before = new Map<number, number>();
  let reached = [from];
  for (let length = 1; reached.length > 0 && length < shorterThan; length++) {
    const next: number[] = [];
    /** Answers whether the way is found. */
    const reach = (target: number, file: number): boolean => {
      if (target === to) return true;
      if (target === from || before.has(target) || within?.has(target) === false) return false;
      before.set(target, file);
      next.push(target);
      return false;
    };
    for (const file of reached) {
      for (const target of graph.targets(file)) {
        if (reach(target, file)) return wayTo(file, from, before);
        // A folder is no step of its own.
        for (const member of graph.members(target)) {
          if (reach(member, file)) return wayTo(file, from, before);
        }
      }
    }
    reached = next;
  }
  return undefined;
}

function wayTo(last: number, from: number, before: ReadonlyMap<number, number>): number[] {
  const way = [last];
  for (let file = last; file !== from; ) {
    file = before.get(file) ?? from;
    way.push(file);
  }
  return way.reverse();
}
