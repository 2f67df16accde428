import type { SymbolKind, SymbolMetadata, SymbolRecord } from '@codepakt/contract';
import type { Node } from 'web-tree-sitter';
import { oneLine } from './declaration-text.ts';
import { docBefore } from './jsdoc.ts';

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
  /** Where its body or long value begins. */
  signatureEnd?: number;
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
  const head = name.startIndex > start ? text.slice(start, name.startIndex) : '';
  const metadata = { ...readModifiers(head), ...declaration.metadata };
  const after = text.charCodeAt(name.endIndex);
  if (after === QUESTION_MARK) metadata.optional = true;
  const decorators = readDecorators(text.slice(first.startIndex, start));
  if (decorators.length > 0) metadata.decorators = decorators;
  file.symbols.push({
    name: as,
    kind,
    parent,
    line: name.startPosition.row + 1,
    column: name.startPosition.column + 1,
    start_line: first.startPosition.row + 1,
    end_line:
      node.endPosition.row +
      1 +
      (declaration.endsWithSemicolon ? linesToSemicolon(text, node.endIndex) : 0),
    exported,
    signature: signatureOf(text, start, declaration.signatureEnd ?? node.endIndex),
    doc: docBefore(text, first.startIndex),
    metadata,
  });
  return parent === null ? as : `${parent}.${as}`;
}

function linesToSemicolon(text: string, end: number): number {
  if (text.charCodeAt(end) > 32) return 0;
  SEMICOLON.lastIndex = end;
  return (SEMICOLON.exec(text)?.[0].match(/\n/g) ?? []).length;
}

const SEMICOLON = /\s*[;,]/y;
const QUESTION_MARK = 63;
const AT = 64;

function signatureOf(text: string, start: number, end: number): string {
  // A signature is cut off anyway: there is no need to flatten a page of it.
  return oneLine(text.slice(start, Math.min(end, start + 1000))).replace(/\s*[;,=]$/, '');
}

/** The name without quotes; what is computed stays as written, in its brackets. */
export function nameText(text: string, name: Node): string {
  const unit = text.charCodeAt(name.startIndex);
  const quoted = unit === 34 || unit === 39 || unit === 96;
  return quoted
    ? text.slice(name.startIndex + 1, name.endIndex - 1)
    : text.slice(name.startIndex, name.endIndex);
}

/** Where a declaration begins once its decorators are behind. */
export function afterDecorators(text: string, node: Node): number {
  if (text.charCodeAt(node.startIndex) !== AT) return node.startIndex;
  let end = node.startIndex;
  for (const child of node.namedChildren) {
    if (child.type === 'decorator') end = child.endIndex;
    else if (child.type !== 'comment') break;
  }
  return skipBlanks(text, end);
}

/** The first offset from `index` on that is neither white space nor comment. */
export function skipBlanks(text: string, index: number): number {
  BLANKS.lastIndex = index;
  BLANKS.test(text);
  return BLANKS.lastIndex;
}

const BLANKS = /(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*/y;

function readDecorators(text: string): string[] {
  if (text === '') return [];
  return Array.from(text.matchAll(/(?:^|[\s)])@\s*([\w$.]+)/g), (match) => match[1] ?? '');
}

const FLAGS = new Set([
  'async',
  'static',
  'abstract',
  'readonly',
  'override',
  'declare',
  'default',
]);

/** What the words before a name say, such as `private static async *`. */
function readModifiers(head: string): SymbolMetadata {
  const metadata: SymbolMetadata = {};
  if (head === '') return metadata;
  const words = head.includes('/') ? head.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ' ') : head;
  for (const [word] of words.matchAll(/[a-z]+|\*/g)) {
    if (FLAGS.has(word)) metadata[word] = true;
    else if (word === '*') metadata.generator = true;
    else if (word === 'get' || word === 'set') metadata.accessor = word;
    else if (word === 'accessor') metadata.accessor = 'auto';
    else if (word === 'public' || word === 'private' || word === 'protected')
      metadata.visibility = word;
    else if (word === 'enum' && metadata.const === undefined && /\bconst\s+enum\b/.test(words))
      metadata.const = true;
  }
  return metadata;
}

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
export function signatureEndOf(text: string, node: Node, value: Value | null): number {
  if (value === null) return node.endIndex;
  if (value.kind === 'function' || value.kind === 'class') {
    return value.node.childForFieldName('body')?.startIndex ?? node.endIndex;
  }
  const { startIndex, endIndex } = value.node;
  if (endIndex - startIndex <= 60 && !text.slice(startIndex, endIndex).includes('\n')) {
    return node.endIndex;
  }
  return startIndex;
}

/** What a function expression says of itself before its parameters. */
export function functionMetadata(text: string, node: Node): SymbolMetadata {
  const head = /^(async\b)?\s*(?:function\s*(\*)?)?/.exec(
    text.slice(node.startIndex, node.startIndex + 40),
  );
  return {
    ...(head?.[1] ? { async: true } : {}),
    ...(head?.[2] ? { generator: true } : {}),
  };
}
