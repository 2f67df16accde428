import type { SymbolKind, SymbolRecord } from '@codepakt/contract';
import type { Node } from 'web-tree-sitter';
import { declare, nameAt, type PythonFile, type Scope } from './python-file.ts';
import { codeOnOneLine } from './python-text.ts';

/** Declares what `a = (b, *c) = 1` and `d: int` bind; attributes and items are nobody's declaration. */
export function readAssignment(
  file: PythonFile,
  statement: Node,
  assignment: Node,
  scope: Scope,
): SymbolRecord[] {
  const code = file.text.slice(statement.startIndex, statement.endIndex);
  const end_line = 1 + (code.includes('\n') ? statement.endPosition : statement.startPosition).row;
  const declared: SymbolRecord[] = [];
  let signature: string | undefined;
  let next: Node | undefined = assignment;
  while (next) {
    const [left, second, third]: Node[] = next.namedChildren;
    if (!left) break;
    const right: Node | undefined = third ?? (isAnnotation(file.text, second) ? undefined : second);
    const annotation = second && second !== right ? nameAt(file.text, second).text : '';
    signature ??= signatureOf(file.text, statement, code, right);
    for (const target of targetsOf(left)) {
      const name = nameAt(file.text, target);
      // Where a name should stand and does not, the grammar puts an empty one.
      if (name.text === '') continue;
      const kind = kindOf(name.text, annotation, scope);
      declared.push(declare(file, { name, kind, scope, first: statement, end_line, signature }));
    }
    next = right?.type === 'assignment' ? right : undefined;
  }
  return declared;
}

/** Whether what follows the target is its type. */
function isAnnotation(text: string, node: Node | undefined): boolean {
  return node !== undefined && /:\s*$/.test(text.slice(node.startIndex - 20, node.startIndex));
}

/** The whole assignment when it is short, else what comes before the value. */
function signatureOf(text: string, statement: Node, code: string, value: Node | undefined): string {
  if (code.length <= 120 && !code.includes('\n')) return code;
  const declared = value ? text.slice(statement.startIndex, value.startIndex) : code;
  return codeOnOneLine(declared).replace(/\s*=[\s(\\]*$/, '');
}

function kindOf(name: string, annotation: string, scope: Scope): SymbolKind {
  if (scope.isEnum && !name.startsWith('_')) return 'enum_member';
  if (scope.owner) return 'property';
  if (/^(?:\w+\.)?TypeAlias$/.test(annotation)) return 'type';
  const isUpperCase = name.toUpperCase() === name && name.toLowerCase() !== name;
  return isUpperCase || /^(?:\w+\.)?Final\b/.test(annotation) ? 'constant' : 'variable';
}

const isPattern = /^(?:pattern_list|(?:tuple|list|list_splat)_pattern|parenthesized_expression)$/;

/** The names in a target, in the order of the text. */
function targetsOf(target: Node): Node[] {
  const names: Node[] = [];
  const open = [target];
  for (let node = open.pop(); node; node = open.pop()) {
    const { type } = node;
    if (type === 'identifier') names.push(node);
    else if (isPattern.test(type)) {
      for (const part of node.namedChildren.toReversed()) open.push(part);
    }
  }
  return names;
}

/** `type Pair[T] = tuple[T, T]` */
export function readTypeAlias(file: PythonFile, statement: Node, scope: Scope): void {
  let name = statement.childForFieldName('left');
  while (name && name.type !== 'identifier') name = name.namedChild(0);
  if (!name) return;
  declare(file, {
    name: nameAt(file.text, name),
    kind: 'type',
    scope,
    first: statement,
    end_line: statement.endPosition.row + 1,
    signature: codeOnOneLine(file.text.slice(statement.startIndex, statement.endIndex)),
  });
}
