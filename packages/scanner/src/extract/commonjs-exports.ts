import type { Node } from 'web-tree-sitter';
import { type Child, childrenOf } from './child-nodes.ts';

/** `exports.name = value`, or `module.exports = value` where `name` is null. */
export interface ExportAssignment {
  name: string | null;
  /** The node of that name, or of `module.exports`. */
  target: Node;
  written: Node;
}

/**
 * The statements that assign CommonJS exports, by their ids, those in conditions among them. The
 * local variables that they give away are added to `names`.
 */
export function findAssignments(
  text: string,
  statements: Child[],
  names: Set<string>,
): Map<number, ExportAssignment[]> {
  const found = new Map<number, ExportAssignment[]>();
  if (EXPORTS.test(text)) collect(text, statements, names, found);
  return found;
}

const EXPORTS = /\bexports\b/;
const DECLARATION = /^(?:lexical|variable)_declaration$/;
const BLOCK = /^(?:(?:if|try|labeled)_statement|(?:else|catch|finally)_clause|statement_block)$/;

function collect(
  text: string,
  children: Child[],
  names: Set<string>,
  found: Map<number, ExportAssignment[]>,
): void {
  for (const { node, type } of children) {
    if (type === 'expression_statement') {
      const assigned = readStatement(text, node);
      for (const assignment of assigned) nameLocals(text, assignment, names);
      if (assigned.length > 0) found.set(node.id, assigned);
    } else if (DECLARATION.test(type)) {
      // `const whole = module.exports = { part }` declares `whole`, and gives `part` away.
      for (const assignment of readDeclaration(text, node)) nameLocals(text, assignment, names);
    } else if (BLOCK.test(type)) {
      collect(text, childrenOf(node), names, found);
    }
  }
}

function readDeclaration(text: string, declaration: Node): ExportAssignment[] {
  if (!mayAssign(text, declaration)) return [];
  const values = declaration.namedChildren.map((child) => child.childForFieldName('value'));
  return values.flatMap((value) => (value ? readChain(text, withoutParentheses(value)) : []));
}

function withoutParentheses(value: Node): Node {
  const inner = value.type === 'parenthesized_expression' ? value.firstNamedChild : null;
  return inner ? withoutParentheses(inner) : value;
}

function readStatement(text: string, statement: Node): ExportAssignment[] {
  if (!mayAssign(text, statement)) return [];
  const expression = statement.firstNamedChild;
  if (!expression) return [];
  const isSequence = expression.type === 'sequence_expression';
  const parts = isSequence ? expression.namedChildren : [expression];
  return parts.flatMap((part) => readChain(text, part));
}

function mayAssign(text: string, statement: Node): boolean {
  return EXPORTS.test(text.slice(statement.startIndex, statement.startIndex + 400));
}

/** `exports.a = exports.b = value` is two assignments of one value. */
function readChain(text: string, node: Node): ExportAssignment[] {
  const targets: Omit<ExportAssignment, 'written'>[] = [];
  let written = node;
  while (written.type === 'assignment_expression') {
    const left = written.childForFieldName('left');
    const right = written.childForFieldName('right');
    if (!left || !right) break;
    const name = readTarget(text.slice(left.startIndex, left.endIndex));
    if (name !== undefined && !targets.some((target) => target.name === name)) {
      const last = left.childForFieldName('property') ?? left.childForFieldName('index');
      targets.push({ name, target: name === null ? left : (last ?? left) });
    }
    written = right;
  }
  return targets.map((target) => ({ ...target, written }));
}

const MEMBER =
  /^(?:module\s*\.\s*)?exports\s*(?:\.\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)|\[\s*(['"])(.+)\2\s*\])$/u;

/** The name exported by an assignment's left side, null for all of `module.exports`. */
function readTarget(left: string): string | null | undefined {
  if (/^module\s*\.\s*exports$/.test(left)) return null;
  const member = MEMBER.exec(left);
  return member?.[1] ?? member?.[3];
}

/** The local variables that an assignment gives away. */
function nameLocals(text: string, { name, written }: ExportAssignment, names: Set<string>): void {
  if (written.type === 'identifier') names.add(text.slice(written.startIndex, written.endIndex));
  if (name !== null || written.type !== 'object') return;
  for (const entry of written.namedChildren) {
    const local = entry.type === 'pair' ? entry.childForFieldName('value') : entry;
    if (local?.type === 'identifier' || local?.type === 'shorthand_property_identifier') {
      names.add(text.slice(local.startIndex, local.endIndex));
    }
  }
}
