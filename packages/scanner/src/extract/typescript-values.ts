import type { Node } from 'web-tree-sitter';
import type { ExportAssignment } from './commonjs-exports.ts';
import { declareClassMembers, declareObjectMembers, isRequire } from './typescript-members.ts';
import { readModifiers } from './typescript-modifiers.ts';
import {
  addSymbol,
  type Declaration,
  functionMetadata,
  type Gathering,
  type Place,
  readValue,
  signatureEndOf,
  type Value,
} from './typescript-symbol.ts';

/** A variable or an export whose value says what it is, with what is declared in that value. */
export function declareValue(file: Gathering, declaration: Declaration, value: Value): void {
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

/** `export default value` and `export = value`, unless the value is the name of something. */
export function declareDefault(file: Gathering, node: Node, place: Place): void {
  const { text } = file;
  const written = node.childForFieldName('value') ?? exportAssigned(text, node);
  if (!written || /^(?:identifier|undefined)$/.test(written.type)) return;
  const value = readValue(written);
  // `export default (function named() {})` and a class are found under their own name.
  const ownName = value.node.childForFieldName('name');
  const hasOwnName = ownName !== null && (value.kind === 'function' || value.kind === 'class');
  const word = node.children.find((child) => child.type === 'default' || child.type === '=');
  const name = hasOwnName ? ownName : word;
  if (!name) return;
  const declared: Declaration = {
    ...place,
    node,
    name,
    kind: 'constant',
    signatureEnd: signatureEndOf(text, node, value),
    metadata: { ...readModifiers(text.slice(name.endIndex, value.node.startIndex)), default: true },
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

/** A CommonJS export declares what it does not take from a variable or another module. */
export function declareAssignment(
  file: Gathering,
  node: Node,
  { name, target, written }: ExportAssignment,
): void {
  const { text } = file;
  const value = readValue(written);
  if (isPassedOn(text, value.node)) return;
  if (name === null && value.kind === 'object') {
    declareObjectMembers(file, value.node, { parent: null, exported: true }, { isModule: true });
    return;
  }
  const ownName = name === null ? value.node.childForFieldName('name') : null;
  const declared: Declaration = {
    node,
    name: ownName ?? target,
    kind: 'constant',
    parent: null,
    exported: true,
    signatureEnd: signatureEndOf(text, node, value),
    ...(ownName ? {} : { as: name ?? 'default' }),
  };
  declareValue(file, declared, value);
}

/** What names something else, and `exports.late = void 0` as compilers write it. */
function isPassedOn(text: string, value: Node): boolean {
  const { type } = value;
  return (
    type === 'identifier' ||
    type === 'undefined' ||
    (type === 'unary_expression' && text.startsWith('void', value.startIndex)) ||
    isRequire(text, value)
  );
}
