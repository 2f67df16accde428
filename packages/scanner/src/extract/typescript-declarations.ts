import type { SymbolRecord } from '@codepakt/contract';
import type { Node } from 'web-tree-sitter';
import type { ExportAssignment } from './commonjs-exports.ts';
import { type Exports, readExports } from './typescript-exports.ts';
import {
  declareClassMembers,
  declareEnumMembers,
  declareObjectMembers,
  declareTypeMembers,
  isRequire,
} from './typescript-members.ts';
import {
  addSymbol,
  type Declaration,
  functionMetadata,
  type Gathering,
  nameText,
  readValue,
  signatureEndOf,
  type Value,
} from './typescript-symbol.ts';

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

/** The declarations of a file in the order of the text, none from inside a function. */
export function declareStatements(
  text: string,
  statements: Node[],
  { isAmbient, isJavascript }: { isAmbient: boolean; isJavascript: boolean },
): SymbolRecord[] {
  const file: Gathering = { text, isJavascript, symbols: [] };
  const exports = readExports(text, statements, { isAmbient, isFile: true });
  const scope = { parent: null, isOpen: true, isAmbient, isBlock: false, exports };
  for (const statement of statements) declare(file, statement, scope);
  return file.symbols;
}

function declare(file: Gathering, node: Node, scope: Scope, around: Around = {}): void {
  switch (node.type) {
    case 'export_statement':
      declareExport(file, node, scope);
      break;
    case 'ambient_declaration':
      declareAmbient(file, node, scope, around);
      break;
    case 'lexical_declaration':
    case 'variable_declaration':
    case 'using_declaration':
      declareVariables(file, node, scope, around);
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
      if (body) declare(file, body, { ...scope, isBlock: true });
      break;
    }
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
    case 'statement_block':
      for (const child of node.namedChildren) declare(file, child, { ...scope, isBlock: true });
      break;
    case 'ERROR':
      for (const child of node.namedChildren) declare(file, child, scope);
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
  const value = kind === 'type' ? node.childForFieldName('value') : null;
  const body = kind === 'type' ? null : node.childForFieldName('body');
  const { first = node } = around;
  const parent = addSymbol(file, {
    node,
    name,
    kind,
    first,
    parent: scope.parent,
    exported,
    signatureEnd: body?.startIndex ?? node.endIndex,
    endsWithSemicolon: kind === 'type',
  });
  const place = { parent, exported };
  if (kind === 'class') declareClassMembers(file, body, place);
  else if (kind === 'interface') declareTypeMembers(file, body, place);
  else if (kind === 'enum') declareEnumMembers(file, body, place);
  else if (value?.type === 'object_type') declareTypeMembers(file, value, place);
}

function declareVariables(file: Gathering, node: Node, scope: Scope, around: Around): void {
  const { text } = file;
  const declarators = node.namedChildren.filter((child) => child.type === 'variable_declarator');
  const isVar = node.type === 'variable_declaration';
  const isConstant = /^(?:const|using|await)\b/.test(
    text.slice(node.startIndex, node.startIndex + 6),
  );
  for (const [index, declarator] of declarators.entries()) {
    const name = declarator.childForFieldName('name');
    if (!name) continue;
    const written = declarator.childForFieldName('value');
    const value = written ? readValue(written) : null;
    const common = {
      node: declarator,
      kind: isConstant ? ('constant' as const) : ('variable' as const),
      first: index === 0 ? (around.first ?? node) : declarator,
      parent: scope.parent,
      signatureEnd: signatureEndOf(text, declarator, value),
    };
    if (name.type !== 'identifier') {
      for (const bound of boundNames(name)) {
        const exported = isExported(scope, around, nameText(text, bound), isVar);
        addSymbol(file, { ...common, name: bound, exported });
      }
      continue;
    }
    const exported = isExported(scope, around, nameText(text, name), isVar);
    if (value) declareValue(file, { ...common, name, exported }, value);
    else addSymbol(file, { ...common, name, exported });
  }
}

/** The names that a destructuring pattern binds. */
function boundNames(pattern: Node): Node[] {
  switch (pattern.type) {
    case 'identifier':
    case 'shorthand_property_identifier_pattern':
      return [pattern];
    case 'object_pattern':
    case 'array_pattern':
    case 'rest_pattern':
      return pattern.namedChildren.flatMap(boundNames);
    case 'pair_pattern':
      return boundNamesOf(pattern.childForFieldName('value'));
    case 'assignment_pattern':
    case 'object_assignment_pattern':
      return boundNamesOf(pattern.childForFieldName('left'));
    default:
      return [];
  }
}

function boundNamesOf(pattern: Node | null): Node[] {
  return pattern ? boundNames(pattern) : [];
}

/** A variable or an export whose value says what it is, with what is declared in that value. */
function declareValue(file: Gathering, declaration: Declaration, value: Value): void {
  const { exported } = declaration;
  const isFunction = value.kind === 'function';
  const isClass = value.kind === 'class';
  const parent = addSymbol(file, {
    ...declaration,
    kind: isFunction ? 'function' : isClass ? 'class' : declaration.kind,
    metadata: {
      ...declaration.metadata,
      ...(isFunction ? functionMetadata(file.text, value.node) : {}),
    },
  });
  if (isClass) {
    declareClassMembers(file, value.node.childForFieldName('body'), { parent, exported });
  }
  if (value.kind === 'object' && exported) {
    declareObjectMembers(file, value.node, { parent, exported });
  }
}

function declareExport(file: Gathering, node: Node, scope: Scope): void {
  const declaration = node.childForFieldName('declaration');
  if (declaration) {
    declare(file, declaration, scope, { first: node, isExported: true });
    return;
  }
  const written = node.childForFieldName('value') ?? exportAssigned(file.text, node);
  if (!written || written.type === 'identifier') return;
  const value = readValue(written);
  // `export default (function named() {})` and a class are found under their own name.
  const ownName = value.node.childForFieldName('name');
  const hasOwnName = ownName !== null && (value.kind === 'function' || value.kind === 'class');
  const word = node.children.find((child) => child.type === 'default' || child.type === '=');
  const name = hasOwnName ? ownName : word;
  if (!name) return;
  const declared: Declaration = {
    node,
    name,
    kind: 'constant',
    parent: scope.parent,
    exported: scope.isOpen,
    signatureEnd: signatureEndOf(file.text, node, value),
    metadata: { default: true },
    ...(hasOwnName ? {} : { as: 'default' }),
  };
  declareValue(file, declared, value);
}

/** The value of `export = value`, which has no field. */
function exportAssigned(text: string, node: Node): Node | null {
  return /^export\s*=/.test(text.slice(node.startIndex, node.startIndex + 20))
    ? node.lastNamedChild
    : null;
}

function declareAmbient(file: Gathering, node: Node, scope: Scope, around: Around): void {
  const first = around.first ?? node;
  for (const child of node.namedChildren) {
    if (child.type === 'statement_block') declareGlobal(file, node, child, scope);
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
    signatureEnd: body?.startIndex ?? node.endIndex,
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
  if (name.type !== 'nested_identifier') return [name];
  return name.namedChildren.flatMap(namespaceParts);
}

function declareBody(file: Gathering, body: Node, place: Omit<Scope, 'exports' | 'isBlock'>): void {
  const statements = body.namedChildren;
  const scope = {
    ...place,
    isBlock: false,
    exports: readExports(file.text, statements, { isAmbient: place.isAmbient, isFile: false }),
  };
  for (const statement of statements) declare(file, statement, scope);
}

function declareExpression(file: Gathering, node: Node, scope: Scope): void {
  for (const assignment of scope.exports.assignments.get(node.id) ?? []) {
    declareAssignment(file, node, assignment);
  }
  if (
    /^(?:namespace|module)\s+[\p{ID_Start}$_]/u.test(
      file.text.slice(node.startIndex, node.startIndex + 40),
    )
  ) {
    const child = node.firstNamedChild;
    if (child) declare(file, child, scope, { first: node });
  }
}

/** A CommonJS export declares what it does not take from a variable or another module. */
function declareAssignment(
  file: Gathering,
  node: Node,
  { name, target, written }: ExportAssignment,
): void {
  const { text } = file;
  const value = readValue(written);
  const isPassedOn =
    value.node.type === 'identifier' ||
    value.node.type === 'undefined' ||
    isRequire(text, value.node) ||
    text.slice(value.node.startIndex, value.node.endIndex) === 'void 0';
  if (isPassedOn) return;
  if (name === null && value.kind === 'object') {
    declareObjectMembers(file, value.node, { parent: null, exported: true }, { isModule: true });
    return;
  }
  const ownName = name === null ? value.node.childForFieldName('name') : null;
  const declared: Declaration = {
    node,
    name: ownName ?? target,
    first: node,
    kind: 'constant',
    parent: null,
    exported: true,
    signatureEnd: signatureEndOf(text, node, value),
    ...(ownName ? {} : { as: name ?? 'default' }),
  };
  declareValue(file, declared, value);
}
