import type { TaskGraph as Graph } from '@codepakt/contract';
import {
  Background,
  Controls,
  Handle,
  MarkerType,
  MiniMap,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from '@xyflow/react';
import '@xyflow/react/dist/style.css';
import { memo, useMemo } from 'react';
import { PriorityMark } from '../../../components/labels.tsx';
import { type RoutedEdge, RoutedEdgeView } from '../../../components/routed-edge.tsx';
import { StatusIcon } from '../../../components/status-icon.tsx';
import { layOut, NODE_HEIGHT, NODE_WIDTH } from './lay-out.ts';
import '../../../components/flow.css';
import './task-graph.css';

type GraphTask = Graph['nodes'][number];
type TaskNode = Node<{ task: GraphTask; isCritical: boolean }, 'task'>;

/** The dependencies as a picture: what must be done before what, and the longest chain of it. */
export default function TaskGraph({
  graph,
  onOpen,
}: {
  graph: Graph;
  onOpen: (id: string) => void;
}) {
  const { nodes, edges } = useMemo(() => toFlow(graph), [graph]);
  return (
    <ReactFlow
      // The first look at another graph begins with all of it in sight.
      key={graph.nodes.length}
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      onNodeClick={(_, node) => onOpen(node.id)}
      nodesDraggable={false}
      nodesConnectable={false}
      edgesFocusable={false}
      nodesFocusable={false}
      fitView
      fitViewOptions={firstSight(nodes, graph.critical_path)}
      minZoom={0.05}
      maxZoom={2}
      onlyRenderVisibleElements
      proOptions={{ hideAttribution: true }}
      colorMode="system"
    >
      <Background gap={24} />
      <Controls showInteractive={false} />
      <MiniMap
        pannable
        zoomable
        ariaLabel="Overview of the graph"
        nodeClassName={(node) => `minimap-${(node as TaskNode).data.task.status}`}
      />
    </ReactFlow>
  );
}

/** Below this nobody reads the titles. */
const READABLE = 0.7;

/** All of it where it can be read; else the beginning of the critical path, and the rest is a drag away. */
function firstSight(nodes: readonly TaskNode[], path: readonly string[]) {
  const width = Math.max(...nodes.map(({ position }) => position.x + NODE_WIDTH));
  const height = Math.max(...nodes.map(({ position }) => position.y + NODE_HEIGHT));
  const isReadable = Math.min(innerWidth / width, innerHeight / height) > READABLE;
  if (isReadable || path.length === 0) return { padding: 0.08, maxZoom: 1, minZoom: 0.5 };
  const start = path.slice(0, 3).map((id) => ({ id }));
  return { nodes: start, padding: 0.08, maxZoom: 0.85, minZoom: 0.5 };
}

function toFlow({ nodes, edges, critical_path }: Graph): {
  nodes: TaskNode[];
  edges: RoutedEdge[];
} {
  const place = new Map(critical_path.map((id, index) => [id, index]));
  const { places, ways } = layOut({ nodes, edges });
  return {
    nodes: nodes.map((task) => ({
      id: task.id,
      type: 'task',
      position: places.get(task.id) ?? { x: 0, y: 0 },
      data: { task, isCritical: place.has(task.id) },
      width: NODE_WIDTH,
      height: NODE_HEIGHT,
    })),
    edges: edges.map(({ from, to }) => {
      const isCritical = place.has(from) && place.get(to) === (place.get(from) ?? 0) + 1;
      return {
        id: `${from} ${to}`,
        type: 'routed',
        data: { points: ways.get(`${from} ${to}`) ?? [] },
        source: from,
        target: to,
        className: isCritical ? 'edge-critical' : 'edge-plain',
        markerEnd: {
          type: MarkerType.ArrowClosed,
          color: isCritical ? 'var(--accent)' : 'var(--text-3)',
        },
      };
    }),
  };
}

const TaskNodeView = memo(function TaskNodeView({
  data: { task, isCritical },
}: NodeProps<TaskNode>) {
  return (
    <button
      type="button"
      className="graph-node nopan"
      data-status={task.status}
      data-critical={isCritical || undefined}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <span className="graph-node-head">
        <StatusIcon status={task.status} size={14} />
        <span className="numbers">{task.id}</span>
        <PriorityMark priority={task.priority} />
        {task.assignee !== null && <span className="graph-node-agent">{task.assignee}</span>}
        {isCritical && <span className="visually-hidden">, on the critical path</span>}
      </span>
      <span className="graph-node-title">{task.title}</span>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </button>
  );
});

const NODE_TYPES = { task: TaskNodeView };
const EDGE_TYPES = { routed: RoutedEdgeView };
