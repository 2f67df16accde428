import type { TaskGraph } from '@codepakt/contract';
import dagre from '@dagrejs/dagre';
import type { Point } from '../../../components/routed-edge.tsx';

export const NODE_WIDTH = 220;
export const NODE_HEIGHT = 62;
const GAP = 18;
/** What stands beside the graph fills at least this many rows. */
const FEWEST_ROWS = 6;

export interface Layout {
  places: Map<string, Point>;
  /** The way of each edge, by `from to`. */
  ways: Map<string, Point[]>;
}

/** A place for every task, in layers from left to right; those without any edge stand beside them. */
export function layOut({ nodes, edges }: Pick<TaskGraph, 'nodes' | 'edges'>): Layout {
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: GAP, ranksep: 70, marginx: 20, marginy: 20 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) {
    if (linked.has(id)) graph.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  }
  for (const { from, to } of edges) graph.setEdge(from, to);
  dagre.layout(graph);
  const places = new Map(
    graph.nodes().map((id) => {
      const { x, y } = graph.node(id);
      return [id, { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 }];
    }),
  );
  const right = Math.max(0, ...[...places.values()].map(({ x }) => x + NODE_WIDTH + 80));
  const bottom = Math.max(0, ...[...places.values()].map(({ y }) => y + NODE_HEIGHT));
  const alone = nodes.filter(({ id }) => !linked.has(id));
  const rows = Math.max(
    FEWEST_ROWS,
    Math.floor(bottom / (NODE_HEIGHT + GAP)),
    // Many of them make an area of about the shape of a screen.
    Math.ceil(Math.sqrt(2 * alone.length)),
  );
  for (const [index, { id }] of alone.entries()) {
    places.set(id, {
      x: right + Math.floor(index / rows) * (NODE_WIDTH + 30),
      y: 20 + (index % rows) * (NODE_HEIGHT + GAP),
    });
  }
  const ways = new Map(
    edges.map(({ from, to }) => {
      const between = (graph.edge(from, to).points ?? []).slice(1, -1);
      return [`${from} ${to}`, wayBetween(graph.node(from), between, graph.node(to))];
    }),
  );
  return { places, ways };
}

/** Out of the right side and into the left one, level at both ends. */
function wayBetween(from: Point, between: Point[], to: Point): Point[] {
  const LEVEL = 28;
  const start = { x: from.x + NODE_WIDTH / 2, y: from.y };
  const end = { x: to.x - NODE_WIDTH / 2, y: to.y };
  return [
    start,
    { x: start.x + LEVEL, y: start.y },
    // From one layer to the next nothing is in the way.
    ...(between.length > 1 ? between : []),
    { x: end.x - LEVEL, y: end.y },
    end,
  ];
}
