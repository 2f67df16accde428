import type { Node } from 'web-tree-sitter';
import { readValue } from './typescript-symbol.ts';

/** What leaves a module, a namespace or an ambient module by other ways than the word `export`. */
export interface Exports {
  /** Local names in `export { … }`, `export default name`, `export = name` and CommonJS exports. */
  names: ReadonlySet<string>;
  /** Ambient code without an export list gives away all that it declares. */
  everything: boolean;
  /** CommonJS assignments by the id of their statement. */
  assignments: ReadonlyMap<number, ExportAssignment[]>;
}

/** `exports.name = value`, or `module.exports = value` where `name` is null. */
export interface ExportAssignment {
  name: string | null;
  /** The node of that name, or of `module.exports`. */
  target: Node;
  written: Node;
}

export interface BodyKind {
  /** In a declaration file, or below `declare`. */
  isAmbient: boolean;
  /** The file itself is a module only when it imports or exports something. */
  isFile: boolean;
}

export function readExports(
  text: string,
  statements: Node[],
  { isAmbient, isFile }: BodyKind,
): Exports {
  const names = new Set<string>();
  let isModule = false;
  let hasList = false;
  const assigning: Node[] = [];
  for (const node of statements) {
    switch (node.type) {
      case 'import_statement':
        isModule = true;
        break;
      case 'export_statement':
        isModule = true;
        hasList = readExportList(text, node, names) || hasList;
        break;
      case 'ambient_declaration':
        readAmbientExport(text, node, names);
        break;
      default:
        findAssigning(text, node, assigning);
    }
  }
  const assignments = new Map<number, ExportAssignment[]>();
  if (!isModule) {
    for (const node of assigning) readAssignments(text, node, assignments, names);
  }
  return { names, everything: isAmbient && !hasList && (isModule || !isFile), assignments };
}

/** `declare module 'lazy' { export = Lazy }` gives away what is declared around it. */
function readAmbientExport(text: string, node: Node, names: Set<string>): void {
  const head = text.slice(node.startIndex, node.startIndex + 40);
  if (!/^declare\s+module\s*['"]/.test(head)) return;
  const written = text.slice(node.startIndex, node.endIndex);
  const name =
    /\bexport\s*(?:=|default\b)\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*;?\s*\}$/u.exec(
      written,
    )?.[1];
  if (name !== undefined) names.add(name);
}

const EXPORTING = /\bexports\b/;
const BLOCK = /^(?:(?:if|try|labeled)_statement|(?:else|catch|finally)_clause|statement_block)$/;

/** Statements that may assign exports, those in conditions among them. */
function findAssigning(text: string, node: Node, found: Node[]): void {
  if (!EXPORTING.test(text.slice(node.startIndex, node.startIndex + 400))) {
    const unit = text.charCodeAt(node.startIndex);
    // `if`, `try` and blocks may say it further down.
    if (unit !== 105 && unit !== 116 && unit !== 123) return;
  }
  const { type } = node;
  if (/^(?:expression_statement|variable_declaration|lexical_declaration)$/.test(type)) {
    found.push(node);
  } else if (BLOCK.test(type) && EXPORTING.test(text.slice(node.startIndex, node.endIndex))) {
    for (const child of node.namedChildren) findAssigning(text, child, found);
  }
}

const LIST = /export\s*(?:type\s*)?(?:\{|\*)/y;
const IDENTIFIER = /export\s*(?:default\b|=)\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*;?\s*$/u;
const VALUE =
  /export\s*(?:default\b(?!\s*(?:abstract\s+class|async\s+function|class|function|interface|enum)\b)|=)/y;

/** Whether the statement is an export list or an exported expression; its local names are added. */
function readExportList(text: string, node: Node, names: Set<string>): boolean {
  LIST.lastIndex = node.startIndex;
  if (LIST.test(text)) {
    if (node.childForFieldName('source')) return true;
    const clause = node.namedChildren.find((child) => child.type === 'export_clause');
    for (const specifier of clause?.namedChildren ?? []) {
      const name = specifier.childForFieldName('name');
      if (name) names.add(text.slice(name.startIndex, name.endIndex));
    }
    return true;
  }
  VALUE.lastIndex = node.startIndex;
  if (!VALUE.test(text)) return false;
  const name = IDENTIFIER.exec(text.slice(node.startIndex, node.endIndex))?.[1];
  if (name !== undefined) names.add(name);
  return true;
}

function readAssignments(
  text: string,
  statement: Node,
  assignments: Map<number, ExportAssignment[]>,
  names: Set<string>,
): void {
  const found: ExportAssignment[] = [];
  for (const child of statement.namedChildren) {
    if (child.type === 'variable_declarator') {
      // `var app = exports = module.exports = {}` exports the variable.
      const value = child.childForFieldName('value');
      const name = child.childForFieldName('name');
      if (!value || !name) continue;
      const chain = readChain(text, readValue(value).node);
      if (chain.some((link) => link.name === null))
        names.add(text.slice(name.startIndex, name.endIndex));
    } else {
      const parts = child.type === 'sequence_expression' ? child.namedChildren : [child];
      for (const part of parts) found.push(...readChain(text, part));
    }
  }
  for (const { name, written } of found) nameLocals(text, name, written, names);
  if (found.length > 0) assignments.set(statement.id, found);
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
function nameLocals(text: string, target: string | null, value: Node, names: Set<string>): void {
  if (value.type === 'identifier') names.add(text.slice(value.startIndex, value.endIndex));
  if (target !== null || value.type !== 'object') return;
  for (const entry of value.namedChildren) {
    const local = entry.type === 'pair' ? entry.childForFieldName('value') : entry;
    if (local?.type === 'identifier' || local?.type === 'shorthand_property_identifier') {
      names.add(text.slice(local.startIndex, local.endIndex));
    }
  }
}
