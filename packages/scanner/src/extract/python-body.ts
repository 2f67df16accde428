import type { Node } from 'web-tree-sitter';
import {
  importStatements,
  isImport,
  type PlacedImport,
  readImportStatement,
} from './python-imports.ts';
import { FEW, tokensAt } from './tokens-at.ts';

/** What is of interest in a function's body, which is otherwise not entered. */
interface FunctionBody {
  /** Whether the function itself yields, not only one that is defined within it. */
  yields: boolean;
  imports: PlacedImport[];
}

/** Looks for the words in the text first: few bodies have them, and then the tree tells what they are. */
export function readBody(text: string, body: Node, end: number): FunctionBody {
  const code = text.slice(body.startIndex, end);
  if (!code.includes('import') && !code.includes('yield')) return { yields: false, imports: [] };
  const places = Array.from(
    code.matchAll(/\b(?:import|yield)\b/g),
    ({ index }) => body.startIndex + index,
  );
  const tokens = tokensAt(body, places, ['import', 'yield']);
  return {
    yields: tokens.some((token) => token.type === 'yield') && yieldsItself(body),
    imports: readImports(text, body, code, tokens),
  };
}

function readImports(text: string, body: Node, code: string, tokens: Node[]): PlacedImport[] {
  const statements =
    tokens.length > FEW
      ? body.descendantsOfType([...importStatements])
      : tokens.flatMap((token) => token.parent ?? []).filter(({ type }) => isImport(type));
  const guarded = statements.length > 0 ? typeOnlyBlocks(text, body, code) : [];
  return statements.flatMap((statement) => {
    const isTypeOnly = guarded.some(
      ([from, to]) => from <= statement.startIndex && statement.startIndex < to,
    );
    return readImportStatement(text, statement, isTypeOnly);
  });
}

/** Where the blocks of `if TYPE_CHECKING:` begin and end. */
function typeOnlyBlocks(text: string, body: Node, code: string): [number, number][] {
  const blocks: [number, number][] = [];
  for (const { index } of [...code.matchAll(/\bif\b[^\n]{0,80}\bTYPE_CHECKING\b/g)].slice(0, FEW)) {
    const statement = body.descendantForIndex(body.startIndex + index)?.parent;
    const block = statement?.childForFieldName('consequence');
    if (statement && block && isTypeGuard(text, statement)) {
      blocks.push([block.startIndex, block.endIndex]);
    }
  }
  return blocks;
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
