import type { Status, TaskGraph } from '@codepakt/contract';

/** Whom a person looks for first. */
const RANKS: Record<Status, number> = {
  blocked: 0,
  'in-progress': 1,
  review: 2,
  open: 3,
  backlog: 4,
  done: 5,
  cancelled: 6,
};

/**
 * Of a graph that is too large to read, the part that says most: the critical path, then what is
 * blocked, at work and most urgent, each with what it waits for and what
 * waits for it.
 */
export function mostUrgent(graph: TaskGraph, most: number): TaskGraph {
  const { nodes, edges, critical_path } = graph;
  if (nodes.length <= most) return graph;
  const neighbours = new Map<string, string[]>(nodes.map(({ id }) => [id, []]));
  for (const { from, to } of edges) {
    neighbours.get(to)?.push(from);
    neighbours.get(from)?.push(to);
  }
  const isLinked = (id: string) => neighbours.get(id)?.length !== 0;
  const ranked = nodes.toSorted(
    (a, b) =>
      RANKS[a.status] - RANKS[b.status] ||
      // What stands alone is told as well by the board.
      Number(isLinked(b.id)) - Number(isLinked(a.id)) ||
      a.priority.localeCompare(b.priority) ||
      b.unblocks.length - a.unblocks.length,
  );
  const chosen = new Set(critical_path.slice(0, most));
  for (const { id } of ranked) {
    for (const one of [id, ...(neighbours.get(id) ?? [])]) {
      if (chosen.size < most) chosen.add(one);
    }
  }
  return {
    nodes: nodes.filter(({ id }) => chosen.has(id)),
    edges: edges.filter(({ from, to }) => chosen.has(from) && chosen.has(to)),
    critical_path: critical_path.filter((id) => chosen.has(id)),
    left_out: graph.left_out + nodes.length - chosen.size,
  };
}
