import type { ImportGraph } from './import-graph.ts';

/**
 * Tarjan's algorithm: the groups of nodes that all reach each other, each sorted by id; single
 * nodes are groups too. With a stack of its own, so that a long chain of imports can't overflow
 * that of the language.
 */
export function stronglyConnected(graph: ImportGraph): number[][] {
  const { size } = graph;
  const groups: number[][] = [];
  const found = new Int32Array(size);
  const lowest = new Int32Array(size);
  const isOpen = new Uint8Array(size);
  const open: number[] = [];
  const path: { node: number; next: readonly number[] | Int32Array; at: number }[] = [];
  let count = 0;

  const enter = (node: number) => {
    found[node] = lowest[node] = ++count;
    isOpen[node] = 1;
    open.push(node);
    const members = graph.members(node);
    path.push({ node, next: members.length > 0 ? members : graph.targets(node), at: 0 });
  };
  const lower = (node: number, to: number) => {
    if (to < (lowest[node] ?? 0)) lowest[node] = to;
  };

  for (let start = 0; start < size; start++) {
    if (found[start] !== 0) continue;
    enter(start);
    for (let step = path.at(-1); step !== undefined; step = path.at(-1)) {
      const next = step.next[step.at++];
      if (next !== undefined) {
        if (found[next] === 0) enter(next);
        else if (isOpen[next] === 1) lower(step.node, found[next] ?? 0);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) lower(parent.node, lowest[step.node] ?? 0);
      if (lowest[step.node] === found[step.node]) groups.push(close(step.node));
    }
  }
  return groups;

  function close(root: number): number[] {
    const group: number[] = [];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      isOpen[node] = 0;
      group.push(node);
      if (node === root) break;
    }
    return group.sort((a, b) => a - b);
  }
}
