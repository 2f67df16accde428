import type { Node } from 'web-tree-sitter';

/** A node and its type, which is asked for once: every question crosses into WebAssembly. */
export interface Child {
  node: Node;
  type: string;
}

/** The named children of a node. */
export function childrenOf(node: Node): Child[] {
  return node.namedChildren.map((child) => ({ node: child, type: child.type }));
}
