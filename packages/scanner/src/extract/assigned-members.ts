import type { SymbolRecord } from '@codepakt/contract';
import type { Node } from 'web-tree-sitter';
import { declareClassMembers, declareObjectMembers } from './typescript-members.ts';
import {
  addSymbol,
  functionMetadata,
  type Gathering,
  nameText,
  readValue,
  signatureEndOf,
} from './typescript-symbol.ts';

interface Target {
  owner: SymbolRecord;
  /** The node of the member's name; of `prototype` itself when all of it is set. */
  name: Node;
}

/**
 * Members of what the file declared above, as JavaScript without classes has them:
 * `Reply.prototype.send = function () {}`, `app.use = function () {}`, `Reply.prototype = {}`.
 */
export function declareAssignedMembers(file: Gathering, statement: Node): void {
  MEMBER.lastIndex = statement.startIndex;
  if (!MEMBER.test(file.text)) return;
  const targets: Target[] = [];
  let written = statement.firstNamedChild;
  while (written?.type === 'assignment_expression') {
    const target = readTarget(file, written.childForFieldName('left'));
    if (target) targets.push(target);
    written = written.childForFieldName('right');
  }
  if (!written) return;
  for (const target of targets) declareMember(file, statement, target, written);
}

const MEMBER =
  /[\p{ID_Start}$_][\p{ID_Continue}$]*(?:\s*\.\s*[\p{ID_Start}$_][\p{ID_Continue}$]*){1,2}\s*=(?![=>])/uy;

function readTarget(file: Gathering, left: Node | null): Target | undefined {
  const object = left?.childForFieldName('object');
  const name = left?.childForFieldName('property');
  if (!object || !name) return undefined;
  const of = file.text.slice(object.startIndex, object.endIndex).replace(/\s*\.\s*prototype$/, '');
  const owner = ownerNamed(file, of);
  return owner && !isRequired(owner) ? { owner, name } : undefined;
}

/** The first declaration at the top of each file by its name, as far as its symbols were looked through. */
const declared = new WeakMap<Gathering, { byName: Map<string, SymbolRecord>; upTo: number }>();

/** Generated files set members by the thousand: each symbol is looked at once. */
function ownerNamed(file: Gathering, name: string): SymbolRecord | undefined {
  const known = declared.get(file) ?? { byName: new Map<string, SymbolRecord>(), upTo: 0 };
  declared.set(file, known);
  for (const symbol of file.symbols.slice(known.upTo)) {
    if (symbol.parent === null && !known.byName.has(symbol.name)) {
      known.byName.set(symbol.name, symbol);
    }
  }
  known.upTo = file.symbols.length;
  return known.byName.get(name);
}

/** What is set on another module is no member of this one. */
function isRequired({ signature }: SymbolRecord): boolean {
  return /=\s*require\s*\(/.test(signature);
}

function declareMember(
  file: Gathering,
  statement: Node,
  { owner, name }: Target,
  written: Node,
): void {
  const value = readValue(written);
  const place = { parent: owner.name, exported: owner.exported };
  if (value.kind === 'object' && nameText(file.text, name) === 'prototype') {
    declareObjectMembers(file, value.node, place);
  }
  if (value.kind !== 'function' && value.kind !== 'class') return;
  const parent = addSymbol(file, {
    ...place,
    node: statement,
    name,
    kind: value.kind === 'class' ? 'class' : 'method',
    signatureEnd: signatureEndOf(file.text, statement, value),
    metadata: value.kind === 'function' ? functionMetadata(file.text, value.node) : {},
  });
  if (value.kind === 'class') {
    const body = value.node.childForFieldName('body');
    declareClassMembers(file, body, { parent, exported: owner.exported });
  }
}
