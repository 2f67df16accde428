import type { Node } from 'web-tree-sitter';
import { isImport, type PlacedImport, readImportStatement } from './python-imports.ts';

/** What is of interest in a function's body, which is otherwise not entered. */
interface FunctionBody {
  /** Whether the function itself yields, not only one that is defined within it. */
  yields: boolean;
  imports: PlacedImport[];
}

/** Looks for the words in the text first: few bodies have them, and then the tree tells what they are. */
export function readBody(text: string, body: Node, end: number): FunctionBody {
  const found: FunctionBody = { yields: false, imports: [] };
  const code = text.slice(body.startIndex, end);
  if (!code.includes('import') && !code.includes('yield')) return found;
  let isGenerator: boolean | undefined;
  for (const { 0: word, index } of code.matchAll(/\b(?:import|yield)\b/g)) {
    if (word === 'yield' && isGenerator !== undefined) continue;
    const token = body.descendantForIndex(body.startIndex + index);
    if (token?.type !== word) continue;
    if (word === 'yield') {
      isGenerator = yieldsItself(body);
    } else if (token.parent && isImport(token.parent.type)) {
      const isTypeOnly = code.includes('TYPE_CHECKING') && isGuarded(text, token.parent);
      found.imports.push(...readImportStatement(text, token.parent, isTypeOnly));
    }
  }
  found.yields = isGenerator ?? false;
  return found;
}

/** Whether a statement stands below `if TYPE_CHECKING:`. */
function isGuarded(text: string, statement: Node): boolean {
  let block = statement.parent;
  while (block && block.type !== 'function_definition') {
    const around: Node | null = block.parent;
    if (block.type === 'block' && around && isTypeGuard(text, around)) return true;
    block = around;
  }
  return false;
}

const typeGuard = /if[\s(]+(?:\w+\.)?TYPE_CHECKING[\s)]*:/y;

/** Whether what stands at a node is `if TYPE_CHECKING:`, whose block only type checkers read. */
export function isTypeGuard(text: string, node: Node): boolean {
  typeGuard.lastIndex = node.startIndex;
  return typeGuard.test(text);
}

function yieldsItself(body: Node): boolean {
  let coveredTo = 0;
  for (const node of body.descendantsOfType(['yield', 'function_definition', 'lambda'])) {
    if (node.startIndex < coveredTo) continue;
    // The keyword is a node of the same name as the expression.
    if (node.type === 'yield') return true;
    coveredTo = node.endIndex;
  }
  return false;
}

/** The grammar counts comments after the last statement to the block; Python does not. */
export function lastLineOf(text: string, definition: Node, endIndex: number): number {
  const { row } = definition.endPosition;
  const marks: number[] = [];
  let start = lineStart(text, endIndex);
  let end = endIndex;
  while (start > definition.startIndex) {
    const line = text.slice(start, end);
    if (!/^\s*(?:#[^\n]*)?$/.test(line)) break;
    marks.push(line.includes('#') ? start + line.indexOf('#') : -1);
    end = start - 1;
    start = lineStart(text, end);
  }
  // The uppermost may be the end of a string that looks like a comment.
  let comments = marks.length;
  for (let index = marks.length - 1; index >= 0; index--) {
    const mark = marks[index] ?? -1;
    if (mark < 0) continue;
    if (definition.descendantForIndex(mark)?.type === 'comment') break;
    comments = index;
  }
  return row + 1 - comments;
}

function lineStart(text: string, end: number): number {
  return text.lastIndexOf('\n', end - 1) + 1;
}
