import type { ImportGraph } from './import-graph.ts';

/**
 * Tarjan's algorithm: the groups of nodes that all reach each other, each sorted by id; single
 * nodes are groups too. With a stack of its own, so that a long chain of imports can't overflow that
 * of the language. Where `starts` are given, it begins at these only.
 */
export function stronglyConnected(
  graph: ImportGraph,
  starts: Iterable<number> = Array(graph.size).keys(),
): number[][] {
  const { size } = graph;
  const groups: number[][] = [];
  const found = new Int32Array(size);
  const lowest = new Int32Array(size);
  const isOpen = new Uint8Array(size);
  const open: number[] = [];
  const path: number[] = [];
  /** What the nodes of the path lead to, and how much of that was followed. */
  const nexts: Int32Array[] = [];
  const followed = new Int32Array(size);
  let count = 0;

  for (const start of starts) {
    if (found[start] === 0) enter(start);
    while (path.length > 0) step(path[path.length - 1] ?? 0, nexts[nexts.length - 1] ?? NONE);
  }
  return groups;

  function enter(node: number): void {
    found[node] = lowest[node] = ++count;
    isOpen[node] = 1;
    open.push(node);
    const members = graph.members(node);
    path.push(node);
    nexts.push(members.length > 0 ? Int32Array.from(members) : graph.targets(node));
  }

  /** Goes on from the last node of the path: to one that was not found yet, or back. */
  function step(node: number, next: Int32Array): void {
    let low = lowest[node] ?? 0;
    for (let at = followed[node] ?? 0; at < next.length; at++) {
      const to = next[at] ?? 0;
      const number = found[to] ?? 0;
      if (number === 0) {
        followed[node] = at + 1;
        lowest[node] = low;
        enter(to);
        return;
      }
      if (number < low && isOpen[to] === 1) low = number;
    }
    lowest[node] = low;
    path.pop();
    nexts.pop();
    const parent = path[path.length - 1];
    if (parent !== undefined && low < (lowest[parent] ?? 0)) lowest[parent] = low;
    if (low === found[node]) groups.push(close(node));
  }

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

const NONE = new Int32Array();
