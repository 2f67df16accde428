import type { Node } from 'web-tree-sitter';
import { type Child, childrenOf } from './child-nodes.ts';
import { jsdocBefore } from './jsdoc.ts';
import {
  addSymbol,
  afterDecorators,
  functionMetadata,
  type Gathering,
  nameText,
  type Place,
  readValue,
  signatureEndOf,
} from './typescript-symbol.ts';

/** Deeper than this an object literal is data; it also keeps hostile input off the stack. */
const OBJECT_DEPTH = 20;

/** The members of a class body; those that are private are not exported. */
export function declareClassMembers(file: Gathering, body: Node | null, place: Place): void {
  let first: Node | undefined;
  for (const member of body ? childrenOf(body) : []) {
    switch (member.type) {
      case 'comment':
        break;
      case 'decorator':
        // In TypeScript a method's decorators stand before it.
        first ??= member.node;
        break;
      case 'ERROR':
        declareClassMembers(file, member.node, place);
        first = undefined;
        break;
      default:
        declareClassMember(file, member, place, first);
        first = undefined;
    }
  }
}

function declareClassMember(
  file: Gathering,
  { node, type }: Child,
  place: Place,
  decorator?: Node,
): void {
  const { text } = file;
  const isField = type === 'public_field_definition' || type === 'field_definition';
  const isMethod =
    type === 'method_definition' ||
    type === 'method_signature' ||
    type === 'abstract_method_signature';
  if (!isField && !isMethod) return;
  const name = node.childForFieldName(type === 'field_definition' ? 'property' : 'name');
  if (!name) return;
  const first = decorator ?? node;
  const start = decorator ? node.startIndex : afterDecorators(text, node);
  const head = text.slice(start, name.startIndex);
  const isPrivate =
    text.charCodeAt(name.startIndex) === HASH ||
    /\bprivate\b/.test(head) ||
    (file.isJavascript && /@private\b/.test(jsdocBefore(text, first.startIndex) ?? ''));
  const common = {
    node,
    name,
    first,
    start,
    parent: place.parent,
    exported: place.exported && !isPrivate,
    endsWithSemicolon: type !== 'method_definition',
  };
  if (isField) {
    declareField(file, node, common);
    return;
  }
  // `'constructor'() {}` is one too.
  const length = name.endIndex - name.startIndex;
  const isConstructor = (length === 11 || length === 13) && nameText(text, name) === 'constructor';
  const kind = isConstructor && !/\bstatic\b/.test(head) ? 'constructor' : accessorKind(head);
  const signatureEnd =
    type === 'method_definition' ? node.childForFieldName('body')?.startIndex : undefined;
  addSymbol(file, { ...common, kind, signatureEnd: signatureEnd ?? node.endIndex });
  if (kind === 'constructor') declareParameterProperties(file, node, place);
}

const HASH = 35;

function accessorKind(head: string): 'property' | 'method' {
  return /\b[gs]et\s*$/.test(head) ? 'property' : 'method';
}

type Common = Parameters<typeof addSymbol>[1] extends infer D ? Omit<D & object, 'kind'> : never;

function declareField(file: Gathering, node: Node, common: Common): void {
  const written = node.childForFieldName('value');
  const value = written ? readValue(written) : null;
  const kind =
    value?.kind === 'function' ? 'method' : value?.kind === 'class' ? 'class' : 'property';
  const name = addSymbol(file, {
    ...common,
    kind,
    signatureEnd: signatureEndOf(file.text, node, value),
    metadata: value?.kind === 'function' ? functionMetadata(file.text, value.node) : {},
  });
  if (value?.kind === 'class') {
    const body = value.node.childForFieldName('body');
    declareClassMembers(file, body, { parent: name, exported: common.exported });
  }
}

const PARAMETER_PROPERTY = /^(?:public|private|protected|readonly|override)\s/;

/** `constructor(private readonly store: Store)` declares a property too. */
function declareParameterProperties(file: Gathering, method: Node, place: Place): void {
  const { text } = file;
  const parameters = method.childForFieldName('parameters');
  if (!parameters) return;
  const written = text.slice(parameters.startIndex, parameters.endIndex);
  if (!/\b(?:public|private|protected|readonly|override)\b/.test(written)) return;
  for (const node of parameters.namedChildren) {
    const start = afterDecorators(text, node);
    const head = text.slice(start, start + 40);
    if (!PARAMETER_PROPERTY.test(head)) continue;
    const name = node.childForFieldName('pattern');
    if (name?.type !== 'identifier') continue;
    const exported = place.exported && !head.startsWith('private');
    addSymbol(file, { node, name, kind: 'property', parent: place.parent, exported, start });
  }
}

/** The members of an interface, or of an object type that a type alias names. */
export function declareTypeMembers(file: Gathering, body: Node | null, place: Place): void {
  const { text } = file;
  for (const { node, type } of body ? childrenOf(body) : []) {
    if (type === 'ERROR') declareTypeMembers(file, node, place);
    if (type !== 'property_signature' && type !== 'method_signature') continue;
    const name = node.childForFieldName('name');
    if (!name) continue;
    const head = text.slice(node.startIndex, name.startIndex);
    const kind = type === 'method_signature' ? accessorKind(head) : 'property';
    addSymbol(file, { node, name, kind, endsWithSemicolon: true, ...place });
  }
}

export function declareEnumMembers(file: Gathering, body: Node | null, place: Place): void {
  for (const { node, type } of body ? childrenOf(body) : []) {
    if (type === 'ERROR') declareEnumMembers(file, node, place);
    if (type === 'comment' || type === 'ERROR') continue;
    const name = type === 'enum_assignment' ? node.childForFieldName('name') : node;
    if (name) addSymbol(file, { node, name, kind: 'enum_member', ...place });
  }
}

/**
 * The named things in an exported object literal, to any sensible depth. Of `module.exports` they
 * are what the module exports: names that it only passes on are declared elsewhere.
 */
export function declareObjectMembers(
  file: Gathering,
  object: Node,
  place: Place,
  options: { isModule?: boolean; depth?: number } = {},
): void {
  const { isModule = false, depth = 0 } = options;
  if (depth > OBJECT_DEPTH) return;
  for (const { node, type } of childrenOf(object)) {
    switch (type) {
      case 'method_definition': {
        const name = node.childForFieldName('name');
        if (!name) break;
        const body = node.childForFieldName('body');
        const member = accessorKind(file.text.slice(node.startIndex, name.startIndex));
        const kind = member === 'method' && isModule ? 'function' : member;
        addSymbol(file, {
          node,
          name,
          kind,
          signatureEnd: body?.startIndex ?? node.endIndex,
          ...place,
        });
        break;
      }
      case 'shorthand_property_identifier':
        if (!isModule) addSymbol(file, { node, name: node, kind: 'property', ...place });
        break;
      case 'pair':
        declarePair(file, node, place, { isModule, depth });
        break;
      case 'ERROR':
        declareObjectMembers(file, node, place, { isModule, depth: depth + 1 });
        break;
    }
  }
}

function declarePair(
  file: Gathering,
  node: Node,
  place: Place,
  { isModule, depth }: { isModule: boolean; depth: number },
): void {
  const key = node.childForFieldName('key');
  const written = node.childForFieldName('value');
  if (!key || !written) return;
  const value = readValue(written);
  if (isModule && (value.node.type === 'identifier' || isRequire(file.text, value.node))) return;
  const kinds = isModule
    ? ({ function: 'function', class: 'class', object: 'constant', other: 'constant' } as const)
    : ({ function: 'method', class: 'class', object: 'property', other: 'property' } as const);
  const parent = addSymbol(file, {
    node,
    name: key,
    kind: kinds[value.kind],
    signatureEnd: signatureEndOf(file.text, node, value),
    metadata: value.kind === 'function' ? functionMetadata(file.text, value.node) : {},
    ...place,
  });
  const inner = { parent, exported: place.exported };
  if (value.kind === 'object') declareObjectMembers(file, value.node, inner, { depth: depth + 1 });
  if (value.kind === 'class') {
    declareClassMembers(file, value.node.childForFieldName('body'), inner);
  }
}

/** `require('./x')` and `require('./x').y` pass on what another file declares. */
export function isRequire(text: string, value: Node): boolean {
  return /^require\s*\(\s*(?:'[^']*'|"[^"]*")\s*\)(?:\s*\.\s*[\w$]+)*$/.test(
    text.slice(value.startIndex, Math.min(value.endIndex, value.startIndex + 500)),
  );
}
