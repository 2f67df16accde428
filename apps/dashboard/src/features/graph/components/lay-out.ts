import type { TaskGraph } from '@codepakt/contract';
import dagre from '@dagrejs/dagre';

export const NODE_WIDTH = 220;
export const NODE_HEIGHT = 62;

export interface LaidOut {
  id: string;
  x: number;
  y: number;
}

/** A place for every task, in layers from left to right; those without any edge stand below in rows. */
export function layOut({ nodes, edges }: TaskGraph): LaidOut[] {
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 70, marginx: 20, marginy: 20 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) {
    if (linked.has(id)) graph.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  }
  for (const { from, to } of edges) graph.setEdge(from, to);
  dagre.layout(graph);
  const places = graph.nodes().map((id) => {
    const { x, y } = graph.node(id);
    return { id, x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 };
  });
  const below = Math.max(0, ...places.map(({ y }) => y + NODE_HEIGHT + 40));
  const alone = nodes.filter(({ id }) => !linked.has(id));
  const columns = Math.max(4, Math.ceil(Math.sqrt(alone.length)));
  return [
    ...places,
    ...alone.map(({ id }, index) => ({
      id,
      x: 20 + (index % columns) * (NODE_WIDTH + 30),
      y: below + Math.floor(index / columns) * (NODE_HEIGHT + 18),
    })),
  ];
}
