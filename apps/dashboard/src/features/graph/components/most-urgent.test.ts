import type { TaskGraph } from '@codepakt/contract';
import { expect, test } from 'vitest';
import { mostUrgent } from './most-urgent.ts';

type Node = TaskGraph['nodes'][number];

const node = (id: string, rest: Partial<Node> = {}): Node => ({
  id,
  title: id,
  status: 'open',
  priority: 'P1',
  epic: null,
  assignee: null,
  unblocks: [],
  ...rest,
});

const graph: TaskGraph = {
  nodes: [
    node('T-1'),
    node('T-2', { status: 'backlog' }),
    node('T-3', { status: 'backlog' }),
    node('T-4', { status: 'blocked' }),
    node('T-5', { priority: 'P0', unblocks: ['T-6'] }),
    node('T-6', { status: 'backlog' }),
    node('T-7', { priority: 'P2' }),
  ],
  edges: [
    { from: 'T-1', to: 'T-2' },
    { from: 'T-2', to: 'T-3' },
    { from: 'T-5', to: 'T-6' },
  ],
  critical_path: ['T-1', 'T-2', 'T-3'],
  left_out: 10,
};

const idsOf = (of: TaskGraph) => of.nodes.map(({ id }) => id);

test('a graph that can be read is drawn as it is', () => {
  expect(mostUrgent(graph, 7)).toBe(graph);
});

test('of a larger one the critical path comes first, then what is blocked and what opens others', () => {
  const six = mostUrgent(graph, 6);
  expect(idsOf(six)).toEqual(['T-1', 'T-2', 'T-3', 'T-4', 'T-5', 'T-6']);
  expect(six.edges).toEqual(graph.edges);
  expect(six.left_out).toBe(11);
  const four = mostUrgent(graph, 4);
  expect(idsOf(four)).toEqual(['T-1', 'T-2', 'T-3', 'T-4']);
  expect(four.edges).toEqual(graph.edges.slice(0, 2));
  expect(four.left_out).toBe(13);
});

test('a critical path that is longer than the picture is drawn from its beginning', () => {
  const two = mostUrgent(graph, 2);
  expect(idsOf(two)).toEqual(['T-1', 'T-2']);
  expect(two.critical_path).toEqual(['T-1', 'T-2']);
});
