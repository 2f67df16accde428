import type { SymbolRecord } from '@codepakt/contract';
import type { Node } from 'web-tree-sitter';
import { declareAssignedMembers } from './assigned-members.ts';
import { type Child, childrenOf } from './child-nodes.ts';
import { type Exports, readExports } from './typescript-exports.ts';
import {
  declareClassMembers,
  declareEnumMembers,
  declareTypeMembers,
} from './typescript-members.ts';
import {
  addSymbol,
  type Gathering,
  nameText,
  readValue,
  signatureEndOf,
} from './typescript-symbol.ts';
import { declareAssignment, declareDefault, declareValue } from './typescript-values.ts';

/** The body that a statement stands in: of the file, a namespace or an ambient module. */
interface Scope {
  parent: string | null;
  /** Whether what this body exports can be had from outside. */
  isOpen: boolean;
  isAmbient: boolean;
  /** In a block only what `var` declares belongs to the body around it. */
  isBlock: boolean;
  exports: Exports;
}

/** What stands around a declaration, such as `export declare`. */
interface Around {
  first?: Node;
  isExported?: boolean;
  isAmbient?: boolean;
}

/** What the name of a file says of it. */
export interface FileKind {
  isAmbient: boolean;
  isJavascript: boolean;
  /** Whether it is a module that is never CommonJS: `.mjs` and `.mts`. */
  isModule: boolean;
}

/** The declarations of a file in the order of the text, none from inside a function. */
export function declareStatements(
  text: string,
  statements: Child[],
  { isAmbient, isJavascript, isModule }: FileKind,
): SymbolRecord[] {
  const file: Gathering = { text, isJavascript, symbols: [] };
  const exports = readExports(text, statements, { isAmbient, isFile: true, isModule });
  const scope = { parent: null, isOpen: true, isAmbient, isBlock: false, exports };
  for (const statement of statements) declare(file, statement, scope);
  return file.symbols;
}

function declare(file: Gathering, { node, type }: Child, scope: Scope, around: Around = {}): void {
  switch (type) {
    case 'export_statement':
      declareExport(file, node, scope);
      break;
    case 'ambient_declaration':
      declareAmbient(file, node, scope, around);
      break;
    case 'lexical_declaration':
    case 'variable_declaration':
    case 'using_declaration':
      declareVariables(file, { node, type }, scope, around);
      break;
    case 'function_declaration':
    case 'generator_function_declaration':
    case 'function_signature':
      declareNamed(file, node, scope, around, 'function');
      break;
    case 'class_declaration':
    case 'abstract_class_declaration':
    case 'class':
      declareNamed(file, node, scope, around, 'class');
      break;
    case 'interface_declaration':
      declareNamed(file, node, scope, around, 'interface');
      break;
    case 'enum_declaration':
      declareNamed(file, node, scope, around, 'enum');
      break;
    case 'type_alias_declaration':
      declareNamed(file, node, scope, around, 'type');
      break;
    case 'internal_module':
    case 'module':
      declareModule(file, node, scope, around);
      break;
    case 'expression_statement':
      declareExpression(file, node, scope);
      break;
    case 'for_statement':
    case 'for_in_statement': {
      // What the head of a loop declares is of no use outside it.
      const body = node.childForFieldName('body');
      if (body) declare(file, { node: body, type: body.type }, { ...scope, isBlock: true });
      break;
    }
    case 'statement_block':
      for (const child of childrenOf(node)) declare(file, child, { ...scope, isBlock: true });
      break;
    case 'if_statement':
    case 'else_clause':
    case 'try_statement':
    case 'catch_clause':
    case 'finally_clause':
    case 'switch_statement':
    case 'switch_body':
    case 'switch_case':
    case 'switch_default':
    case 'while_statement':
    case 'do_statement':
    case 'labeled_statement':
    case 'with_statement':
    case 'ERROR':
      for (const child of childrenOf(node)) declare(file, child, scope);
      break;
  }
}

function isExported(scope: Scope, around: Around, name: string, isVar = false): boolean {
  const { names, everything } = scope.exports;
  if (scope.isBlock && !isVar) return false;
  return scope.isOpen && (around.isExported === true || everything || names.has(name));
}

type NamedKind = 'function' | 'class' | 'interface' | 'enum' | 'type';

function declareNamed(
  file: Gathering,
  node: Node,
  scope: Scope,
  around: Around,
  kind: NamedKind,
): void {
  const name = node.childForFieldName('name');
  if (!name) return;
  const exported = isExported(scope, around, nameText(file.text, name));
  const body = node.childForFieldName(kind === 'type' ? 'value' : 'body');
  const parent = addSymbol(file, {
    node,
    name,
    kind,
    first: around.first ?? node,
    parent: scope.parent,
    exported,
    signatureEnd: kind === 'type' ? undefined : body?.startIndex,
    endsWithSemicolon: kind === 'type',
  });
  const place = { parent, exported };
  if (kind === 'class') declareClassMembers(file, body, place);
  else if (kind === 'interface') declareTypeMembers(file, body, place);
  else if (kind === 'enum') declareEnumMembers(file, body, place);
  else if (kind === 'type' && body?.type === 'object_type') declareTypeMembers(file, body, place);
}

function declareVariables(
  file: Gathering,
  { node, type }: Child,
  scope: Scope,
  around: Around,
): void {
  const { text } = file;
  const isVar = type === 'variable_declaration';
  const isConstant = !isVar && !text.startsWith('let', node.startIndex);
  let first: Node | undefined = around.first ?? node;
  for (const declarator of childrenOf(node)) {
    if (declarator.type !== 'variable_declarator') continue;
    const name = declarator.node.childForFieldName('name');
    if (!name) continue;
    const written = declarator.node.childForFieldName('value');
    const value = written ? readValue(written) : null;
    const common = {
      node: declarator.node,
      kind: isConstant ? ('constant' as const) : ('variable' as const),
      first: first ?? declarator.node,
      parent: scope.parent,
      signatureEnd: signatureEndOf(text, declarator.node, value),
    };
    first = undefined;
    for (const bound of boundNames(name)) {
      const exported = isExported(scope, around, nameText(text, bound), isVar);
      const declaration = { ...common, name: bound, exported };
      if (value && bound === name) declareValue(file, declaration, value);
      else addSymbol(file, declaration);
    }
  }
}

/** The name itself, or those that a destructuring pattern binds. */
function boundNames(pattern: Node | null): Node[] {
  switch (pattern?.type) {
    case 'identifier':
    case 'shorthand_property_identifier_pattern':
      return [pattern];
    case 'object_pattern':
    case 'array_pattern':
    case 'rest_pattern':
      return pattern.namedChildren.flatMap(boundNames);
    case 'pair_pattern':
      return boundNames(pattern.childForFieldName('value'));
    case 'assignment_pattern':
    case 'object_assignment_pattern':
      return boundNames(pattern.childForFieldName('left'));
    default:
      return [];
  }
}

function declareExport(file: Gathering, node: Node, scope: Scope): void {
  const declaration = node.childForFieldName('declaration');
  if (!declaration) {
    declareDefault(file, node, { parent: scope.parent, exported: scope.isOpen });
    return;
  }
  const child = { node: declaration, type: declaration.type };
  declare(file, child, scope, { first: node, isExported: true });
}

function declareAmbient(file: Gathering, node: Node, scope: Scope, around: Around): void {
  const first = around.first ?? node;
  for (const child of childrenOf(node)) {
    if (child.type === 'statement_block') declareGlobal(file, node, child.node, scope);
    else declare(file, child, scope, { ...around, first, isAmbient: true });
  }
}

/** `declare global { … }`: seen everywhere, but no export of this module. */
function declareGlobal(file: Gathering, node: Node, body: Node, scope: Scope): void {
  const name = node.children.find((child) => child.type === 'global');
  if (!name) return;
  const parent = addSymbol(file, {
    node,
    name,
    kind: 'namespace',
    parent: scope.parent,
    exported: false,
    signatureEnd: body.startIndex,
  });
  declareBody(file, body, { parent, isOpen: false, isAmbient: true });
}

function declareModule(file: Gathering, node: Node, scope: Scope, around: Around): void {
  const name = node.childForFieldName('name');
  if (!name) return;
  const body = node.childForFieldName('body');
  const isAmbient = scope.isAmbient || around.isAmbient === true;
  const isNamedByString = name.type === 'string';
  const common = {
    node,
    kind: 'namespace' as const,
    first: around.first ?? node,
    signatureEnd: body?.startIndex,
  };
  let { parent } = scope;
  let isOpen = isNamedByString;
  for (const part of namespaceParts(name)) {
    // Of `namespace A.B` the outer part is exported as the statement says, the inner one always.
    const exported =
      !isNamedByString &&
      (part.startIndex === name.startIndex
        ? isExported(scope, around, nameText(file.text, part))
        : isOpen);
    if (!isNamedByString) isOpen = exported;
    parent = addSymbol(file, { ...common, name: part, parent, exported });
  }
  if (body) declareBody(file, body, { parent, isOpen, isAmbient });
}

function namespaceParts(name: Node): Node[] {
  // Of three parts and more, the grammar takes the first ones for an expression.
  if (name.type !== 'nested_identifier' && name.type !== 'member_expression') return [name];
  return name.namedChildren.flatMap(namespaceParts);
}

function declareBody(file: Gathering, body: Node, place: Omit<Scope, 'exports' | 'isBlock'>): void {
  const statements = childrenOf(body);
  const exports = readExports(file.text, statements, { isAmbient: place.isAmbient, isFile: false });
  for (const statement of statements) {
    declare(file, statement, { ...place, isBlock: false, exports });
  }
}

const NAMESPACE = /(?:namespace|module)\s+[\p{ID_Start}$_]/uy;

function declareExpression(file: Gathering, node: Node, scope: Scope): void {
  for (const assignment of scope.exports.assignments.get(node.id) ?? []) {
    declareAssignment(file, node, assignment);
  }
  if (file.isJavascript && scope.parent === null) declareAssignedMembers(file, node);
  const unit = file.text.charCodeAt(node.startIndex);
  if (unit !== SMALL_N && unit !== SMALL_M) return;
  // A namespace without a word before it is an expression to the grammar.
  NAMESPACE.lastIndex = node.startIndex;
  const child = NAMESPACE.test(file.text) ? node.firstNamedChild : null;
  if (child) declare(file, { node: child, type: child.type }, scope, { first: node });
}

const SMALL_M = 109;
const SMALL_N = 110;
