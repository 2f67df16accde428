import type { SymbolKind, SymbolMetadata, SymbolRecord } from '@codepakt/contract';
import type { Node } from 'web-tree-sitter';
import { memberPath, oneLine } from './declaration-text.ts';
import { docBefore } from './jsdoc.ts';
import { readDecorators, readModifiers } from './typescript-modifiers.ts';

/** A file while its declarations are gathered. */
export interface Gathering {
  text: string;
  /** In JavaScript, JSDoc says what TypeScript has words for. */
  isJavascript: boolean;
  symbols: SymbolRecord[];
}

/** Where a declaration stands. */
export interface Place {
  parent: string | null;
  exported: boolean;
}

export interface Declaration extends Place {
  /** The node that ends where the declaration ends. */
  node: Node;
  /** The node of the name, or for a default export without one the word `default`. */
  name: Node;
  kind: SymbolKind;
  /** The node that begins where the declaration begins, with decorators and `export`. */
  first?: Node;
  /** Where the declaration begins after its decorators. */
  start?: number;
  /** Where its body or long value begins; its end, if it has none. */
  signatureEnd?: number | undefined;
  /** The name when it is not the text of the node. */
  as?: string;
  metadata?: SymbolMetadata;
  /** Whether a semicolon that ends the declaration may stand on a line of its own. */
  endsWithSemicolon?: boolean;
}

/** Adds a symbol and answers the name that its members have as parent. */
export function addSymbol(file: Gathering, declaration: Declaration): string {
  const { node, name, kind, parent, exported, first = node } = declaration;
  const { text } = file;
  const as = declaration.as ?? nameText(text, name);
  const start = declaration.start ?? afterDecorators(text, first);
  const { row, column } = name.startPosition;
  let endLine = node.endPosition.row + 1;
  if (declaration.endsWithSemicolon) endLine += linesToSemicolon(text, node.endIndex);
  file.symbols.push({
    name: as,
    kind,
    parent,
    line: row + 1,
    column: column + 1,
    start_line: first.startPosition.row + 1,
    end_line: endLine,
    exported,
    signature: signatureOf(text, start, declaration.signatureEnd ?? node.endIndex),
    doc: docBefore(text, first.startIndex),
    metadata: metadataOf(text, declaration, { first, start }),
  });
  return memberPath(parent, as);
}

function metadataOf(
  text: string,
  { name, metadata }: Declaration,
  { first, start }: { first: Node; start: number },
): SymbolMetadata {
  const modifiers = readModifiers(text.slice(start, Math.max(start, name.startIndex)));
  const isOptional = text.charCodeAt(nameEnd(text, name)) === QUESTION_MARK;
  const hasDecorators = start > first.startIndex;
  if (!isOptional && !hasDecorators && metadata === undefined) return modifiers;
  const own = { ...modifiers, ...metadata };
  if (isOptional) own.optional = true;
  if (hasDecorators) own.decorators = readDecorators(text.slice(first.startIndex, start));
  return own;
}

const QUESTION_MARK = 63;
const AT = 64;
const BRACKET = 91;

function linesToSemicolon(text: string, end: number): number {
  if (text.charCodeAt(end) > 32) return 0;
  SEMICOLON.lastIndex = end;
  return (SEMICOLON.exec(text)?.[0].match(/\n/g) ?? []).length;
}

const SEMICOLON = /\s*[;,]/y;

function signatureOf(text: string, start: number, end: number): string {
  // A signature is cut off anyway: there is no need to flatten a page of it.
  const line = oneLine(withoutComments(text.slice(start, Math.min(end, start + 1000))));
  return /[;,=]$/.test(line) ? line.slice(0, -1).trimEnd() : line;
}

/** On one line, what stands after `// …` would be part of the comment. */
function withoutComments(written: string): string {
  if (!written.includes('//') && !written.includes('/*')) return written;
  return written.replace(STRING_OR_COMMENT, (found) => (found.startsWith('/') ? ' ' : found));
}

const STRING_OR_COMMENT = /(['"`])(?:\\.|(?!\1)[^\\])*\1|\/\/.*|\/\*[\s\S]*?(?:\*\/|$)/g;

/** The name without quotes; what is computed stays as written, in its brackets. */
export function nameText(text: string, name: Node): string {
  const start = name.startIndex;
  return isQuote(text.charCodeAt(start))
    ? text.slice(start + 1, name.endIndex - 1)
    : text.slice(start, nameEnd(text, name));
}

/** Where a name ends: an identifier's end is seen in the text, without asking the tree. */
function nameEnd(text: string, name: Node): number {
  const start = name.startIndex;
  const unit = text.charCodeAt(start);
  if (isQuote(unit) || unit === BRACKET) return name.endIndex;
  let end = start + 1;
  while (isWordUnit(text.charCodeAt(end))) end++;
  // Letters beyond ASCII, escapes and numbers are left to the tree.
  return text.charCodeAt(end) > 127 || end === start + 1 || unit < 58 ? name.endIndex : end;
}

function isQuote(unit: number): boolean {
  return unit === 34 || unit === 39 || unit === 96;
}

function isWordUnit(unit: number): boolean {
  return (
    (unit >= 97 && unit <= 122) ||
    (unit >= 65 && unit <= 90) ||
    (unit >= 48 && unit <= 57) ||
    unit === 95 ||
    unit === 36
  );
}

/** Where a declaration begins once its decorators are behind. */
export function afterDecorators(text: string, node: Node): number {
  if (text.charCodeAt(node.startIndex) !== AT) return node.startIndex;
  let end = node.startIndex;
  for (const child of node.namedChildren) {
    if (child.type === 'decorator') end = child.endIndex;
    else if (child.type !== 'comment') break;
  }
  BLANKS.lastIndex = end;
  BLANKS.test(text);
  return BLANKS.lastIndex;
}

const BLANKS = /(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*/y;

export interface Value {
  kind: 'function' | 'class' | 'object' | 'other';
  node: Node;
}

/** What a variable or property holds, seen through parentheses and type assertions. */
export function readValue(value: Node): Value {
  switch (value.type) {
    case 'arrow_function':
    case 'function_expression':
    case 'generator_function':
      return { kind: 'function', node: value };
    case 'class':
      return { kind: 'class', node: value };
    case 'object':
      return { kind: 'object', node: value };
    case 'parenthesized_expression':
    case 'as_expression':
    case 'satisfies_expression':
    case 'non_null_expression': {
      const inner = value.firstNamedChild;
      return inner ? readValue(inner) : { kind: 'other', node: value };
    }
    case 'type_assertion': {
      const inner = value.lastNamedChild;
      return inner ? readValue(inner) : { kind: 'other', node: value };
    }
    default:
      return { kind: 'other', node: value };
  }
}

/** A short value on one line belongs to the signature; of a function its head does. */
export function signatureEndOf(text: string, node: Node, value: Value | null): number | undefined {
  if (value === null) return undefined;
  if (value.kind === 'function' || value.kind === 'class') {
    return value.node.childForFieldName('body')?.startIndex;
  }
  const { startIndex } = value.node;
  const line = text.indexOf('\n', startIndex);
  const end = value.node.endIndex;
  return end - startIndex <= SHORT_VALUE && (line < 0 || line >= end) ? node.endIndex : startIndex;
}

const SHORT_VALUE = 60;

/** What a function expression says of itself before its parameters. */
export function functionMetadata(text: string, node: Node): SymbolMetadata {
  const head = text.slice(node.startIndex, node.startIndex + 40);
  const [, async, generator] = /^(async\b)?\s*(?:function\s*(\*)?)?/.exec(head) ?? [];
  return { ...(async ? { async: true } : {}), ...(generator ? { generator: true } : {}) };
}
