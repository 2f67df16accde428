import type { ModuleGraph } from '@codepakt/contract';
import dagre from '@dagrejs/dagre';
import {
  Background,
  Controls,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { memo, useMemo } from 'react';
import { type RoutedEdge, RoutedEdgeView } from '../../../components/routed-edge.tsx';
import '../../../components/flow.css';
import './code.css';

type Folder = ModuleGraph['folders'][number];
type FolderNode = Node<{ folder: Folder; width: number; height: number }, 'folder'>;

/** The folders as areas, larger with more lines; an arrow goes to what is imported, red in a circle. */
export default function ModulePicture({
  graph,
  onOpen,
}: {
  graph: ModuleGraph;
  onOpen: (folder: string) => void;
}) {
  const { nodes, edges } = useMemo(() => toFlow(graph), [graph]);
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      onNodeClick={(_, node) => onOpen(node.id)}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      fitView
      fitViewOptions={{ padding: 0.08, maxZoom: 1, minZoom: 0.5 }}
      minZoom={0.1}
      maxZoom={2}
      proOptions={{ hideAttribution: true }}
      colorMode="system"
    >
      <Background gap={24} />
      <Controls showInteractive={false} />
    </ReactFlow>
  );
}

function toFlow({ folders, edges }: ModuleGraph): { nodes: FolderNode[]; edges: RoutedEdge[] } {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({
    rankdir: 'TB',
    nodesep: 40,
    ranksep: 70,
    edgesep: 24,
    marginx: 20,
    marginy: 20,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  const most = Math.max(1, ...folders.map(({ lines }) => lines));
  const sizes = new Map(folders.map((folder) => [folder.folder, sizeOf(folder, most)]));
  for (const [name, size] of sizes) graph.setNode(name, { ...size });
  for (const { from, to } of edges) graph.setEdge(from, to);
  dagre.layout(graph);
  return {
    nodes: folders.map((folder) => {
      const { x, y } = graph.node(folder.folder);
      const size = sizes.get(folder.folder) ?? { width: 0, height: 0 };
      return {
        id: folder.folder,
        type: 'folder',
        position: { x: x - size.width / 2, y: y - size.height / 2 },
        data: { folder, ...size },
        ...size,
      };
    }),
    edges: edges.map(({ from, to, count, is_cyclic }) => ({
      id: `${from} ${to}`,
      type: 'routed',
      data: { points: graph.edge(from, to).points ?? [] },
      source: from,
      target: to,
      className: is_cyclic ? 'edge-cyclic' : 'edge-plain',
      style: { strokeWidth: 1 + Math.min(4, Math.log2(count)) },
      markerEnd: {
        type: MarkerType.ArrowClosed,
        color: is_cyclic ? 'var(--blocked)' : 'var(--text-3)',
      },
    })),
  };
}

/** The area grows with the lines, within what still holds the words. */
function sizeOf({ folder, lines }: Folder, most: number): { width: number; height: number } {
  const part = Math.sqrt(lines / most);
  const words = folder.length * 7.4 + 32;
  return {
    width: Math.round(Math.max(120, words, 260 * part)),
    height: Math.round(52 + 70 * part),
  };
}

const FolderView = memo(function FolderView({ data }: NodeProps<FolderNode>) {
  const { folder, width, height } = data;
  return (
    <button type="button" className="module nopan" style={{ width, height }}>
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <span className="module-name">{folder.folder}</span>
      <span className="module-size numbers">
        {folder.files} {folder.files === 1 ? 'file' : 'files'} · {folder.lines.toLocaleString('en')}{' '}
        lines
      </span>
      <Handle type="source" position={Position.Bottom} isConnectable={false} />
    </button>
  );
});

const NODE_TYPES = { folder: FolderView };
const EDGE_TYPES = { routed: RoutedEdgeView };
