import type { Node } from 'web-tree-sitter';

/** More questions than this about places in one tree are better asked at once. */
export const FEW = 50;

/**
 * The nodes of these types that begin at places found in the text, and so are neither in a string
 * nor a comment. One question costs as much as there are siblings, all at once as much as the tree.
 */
export function tokensAt(node: Node, places: readonly number[], types: string[]): Node[] {
  if (places.length > FEW) {
    const wanted = new Set(places);
    return node.descendantsOfType(types).filter(({ startIndex }) => wanted.has(startIndex));
  }
  return places
    .flatMap((place) => node.descendantForIndex(place) ?? [])
    .filter(({ type }) => types.includes(type));
}
