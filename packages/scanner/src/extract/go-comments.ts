import type { Node } from 'web-tree-sitter';
import { firstSentence } from './declaration-text.ts';

/**
 * Visits what stands in a node, comments aside, each with the comment right above it: lines that
 * touch it, and that do not stand behind something else.
 */
export function eachDeclaration(
  text: string,
  parent: Node,
  visit: (node: Node, comment: string | null) => void,
): void {
  let from = 0;
  let nextRow = -1;
  for (const node of parent.namedChildren) {
    const { row } = node.startPosition;
    if (text.startsWith('//', node.startIndex) || text.startsWith('/*', node.startIndex)) {
      if (row !== nextRow) from = node.startIndex;
      nextRow = beginsLine(text, node.startIndex) ? node.endPosition.row + 1 : -1;
    } else {
      visit(node, row === nextRow ? text.slice(from, node.startIndex) : null);
    }
  }
}

function beginsLine(text: string, index: number): boolean {
  let before = index - 1;
  while (text[before] === ' ' || text[before] === '\t') before--;
  return before < 0 || text[before] === '\n';
}

/** The first sentence of a comment above a declaration, or else of one behind it on its last line. */
export function docOf(text: string, comment: string | null, end: number): string | null {
  if (comment !== null) {
    const doc = firstSentence(plain(comment));
    if (doc !== null) return doc;
  }
  const behind = /[ \t]*(?:[,;][ \t]*)?(\/\/[^\n]*)/y;
  behind.lastIndex = end;
  const [, trailing] = behind.exec(text) ?? [];
  return trailing === undefined ? null : firstSentence(plain(trailing));
}

/** Without the marks, and without lines that speak to tools: `//go:embed`, `//nolint:all`. */
function plain(comment: string): string {
  return comment
    .replace(/^[ \t]*\/\/(?:[a-z0-9]+:[a-z0-9].*|export .*|nolint\b.*)$/gm, '')
    .replace(/^[ \t]*\/\/ ?|\/\*|\*\//gm, '')
    .replace(/^[ \t]*\*(?= |$)/gm, '');
}
