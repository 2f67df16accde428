import type { ImportedName, ImportKind, ImportStatement } from '@codepakt/contract';
import type { Node } from 'web-tree-sitter';
import { type Child, childrenOf } from './child-nodes.ts';
import { nameText } from './typescript-symbol.ts';

interface Input {
  text: string;
  root: Node;
  statements: Child[];
  /** In JavaScript, types are imported in JSDoc comments. */
  readsJsdoc: boolean;
}

/** An import and where it begins, to put them in order. */
type Found = ImportStatement & { index: number };

/** Statements at the top and in ambient modules, and calls wherever they stand. */
export function readImports({ text, root, statements, readsJsdoc }: Input): ImportStatement[] {
  const found: Found[] = [];
  readStatements(text, statements, found);
  readCalls(text, root, readsJsdoc, found);
  readReferences(text, found);
  if (readsJsdoc) readImportTags(text, root, found);
  found.sort((a, b) => a.index - b.index);
  return found.map(({ index, ...statement }) => statement);
}

function readStatements(text: string, statements: Child[], found: Found[]): void {
  for (const { node, type } of statements) {
    switch (type) {
      case 'import_statement':
        readImport(text, node, found);
        break;
      case 'export_statement':
        readReexport(text, node, found);
        break;
      case 'ambient_declaration':
        for (const child of node.namedChildren) {
          const body = child.type === 'module' ? child.childForFieldName('body') : null;
          if (body) readStatements(text, childrenOf(body), found);
        }
        break;
      case 'ERROR':
        readStatements(text, childrenOf(node), found);
        break;
    }
  }
}

function readImport(text: string, node: Node, found: Found[]): void {
  const source = node.childForFieldName('source');
  if (!source) {
    readImportRequire(text, node, found);
    return;
  }
  const clause = withoutComments(text.slice(node.startIndex + 'import'.length, source.startIndex));
  const { isType, names } = readClause(clause.replace(/\bfrom\s*$/, ''));
  const kind = isType ? 'type' : clause.trim() === '' ? 'side_effect' : 'import';
  found.push(toFound(text, node, source, { kind, names }));
}

/** `import fs = require('fs')` */
function readImportRequire(text: string, node: Node, found: Found[]): void {
  const clause = node.namedChildren.find((child) => child.type === 'import_require_clause');
  const source = clause?.childForFieldName('source');
  const name = clause?.firstNamedChild;
  if (!source || !name) return;
  const names = [{ name: '*', alias: nameText(text, name) }];
  found.push(toFound(text, node, source, { kind: 'require', names }));
}

function readReexport(text: string, node: Node, found: Found[]): void {
  const head = text.slice(node.startIndex, node.startIndex + 40);
  if (!/^export\s*(?:type\b\s*)?[{*/]/.test(head)) return;
  const source = node.childForFieldName('source');
  if (!source) return;
  const clause = withoutComments(text.slice(node.startIndex + 'export'.length, source.startIndex));
  const { isType, names } = readClause(clause.replace(/\bfrom\s*$/, ''));
  found.push(toFound(text, node, source, { kind: isType ? 'type' : 'reexport', names }));
}

function toFound(
  text: string,
  node: Node,
  source: Node,
  { kind, names }: { kind: ImportKind; names: ImportedName[] },
): Found {
  const specifier = unescaped(nameText(text, source));
  return { index: node.startIndex, specifier, names, kind, line: node.startPosition.row + 1 };
}

function unescaped(specifier: string): string {
  return specifier.includes('\\') ? specifier.replace(/\\(.)/g, '$1') : specifier;
}

function withoutComments(text: string): string {
  return text.includes('/') ? text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ' ') : text;
}

/** What stands between `import` or `export` and `from`. */
function readClause(clause: string): { isType: boolean; names: ImportedName[] } {
  const written = clause.trim();
  const isType = /^type\b(?!\s*(?:,|$))/.test(written);
  const rest = isType ? written.slice('type'.length).trim() : written;
  const names: ImportedName[] = [];
  const open = rest.indexOf('{');
  const outside = open < 0 ? rest : rest.slice(0, open) + rest.slice(rest.lastIndexOf('}') + 1);
  for (const part of outside.split(',')) {
    const name = part.trim();
    const namespace = /^\*(?:\s*as\s+(.+))?$/.exec(name);
    if (namespace) names.push({ name: '*', alias: namespace[1] ? unquoted(namespace[1]) : null });
    else if (name !== '') names.push({ name: 'default', alias: name });
  }
  let types = 0;
  const inside = open < 0 ? [] : rest.slice(open + 1, rest.lastIndexOf('}')).split(',');
  for (const part of inside) {
    const specifier =
      /^\s*(type\s+(?!as\s+[^\s]+\s*$|as\s*$)|type\s+(?=as\s+as\b))?(\S+)(?:\s+as\s+(\S+))?\s*$/.exec(
        part,
      );
    if (!specifier) continue;
    if (specifier[1]) types++;
    const alias = specifier[3] === undefined ? null : unquoted(specifier[3]);
    names.push({ name: unquoted(specifier[2] ?? ''), alias });
  }
  return { isType: isType || (types > 0 && types === names.length), names };
}

function unquoted(name: string): string {
  return name.replace(/^(['"])(.*)\1$/, '$2');
}

const IMPORT_CALL = String.raw`import\s*\((?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/.*\n)*`;
const REQUIRE_CALL = String.raw`require\s*(?:\.\s*resolve\s*)?\((?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/.*\n)*`;
const CALL = new RegExp(
  String.raw`(?:${IMPORT_CALL}|${REQUIRE_CALL})(?:'([^'\n]*)'|"([^"\n]*)"|` +
    '`([^`$\\n]*)`)(?=\\s*(?:/\\*[^*]*\\*/\\s*)?[),])',
  'y',
);

/**
 * Calls may stand anywhere, so they are looked for in the text, and the tree is asked only what
 * stands there: code, a string or a comment.
 */
function readCalls(text: string, root: Node, readsJsdoc: boolean, found: Found[]): void {
  for (const word of ['import', 'require']) {
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
      if (!isCallBegin(text, at, at + word.length)) continue;
      CALL.lastIndex = at;
      const call = CALL.exec(text);
      if (call) readCall({ text, root, readsJsdoc }, call, found);
    }
  }
}

/** Whether a word may be called: it is no part of a longer one and no member, but may be spread. */
function isCallBegin(text: string, start: number, end: number): boolean {
  const before = text.charCodeAt(start - 1);
  const isMember = before === DOT && text.charCodeAt(start - 2) !== DOT;
  return !isMember && !/[\w$]/.test(text[start - 1] ?? '') && /[\s(.]/.test(text[end] ?? '');
}

const DOT = 46;

function readCall(
  { text, root, readsJsdoc }: Omit<Input, 'statements'>,
  match: RegExpExecArray,
  found: Found[],
): void {
  const { index } = match;
  const word = root.descendantForIndex(index, index + 1);
  if (!word) return;
  const isImport = match[0].startsWith('import');
  const specifier = unescaped(match[1] ?? match[2] ?? match[3] ?? '');
  const after = index + match[0].length;
  const line = lineOf(text, word, index);
  if (word.type === 'comment') {
    if (!readsJsdoc || !isImport || !isJsdocType(text, word.startIndex, index)) return;
    found.push({ index, specifier, names: memberNames(text, after), kind: 'type', line });
    return;
  }
  if (word.startIndex !== index || !isCallee(word)) return;
  const kind = !isImport ? 'require' : isTypePosition(word) ? 'type' : 'dynamic';
  const names = kind === 'type' ? memberNames(text, after) : boundNames(text, word, after);
  found.push({ index, specifier, names, kind, line });
}

/** Whether a place in a comment is in the braces of a JSDoc type, not in what it tells. */
function isJsdocType(text: string, comment: number, index: number): boolean {
  if (!text.startsWith('/**', comment)) return false;
  const before = text.slice(comment, index);
  const tag = [...before.matchAll(/(?<=[\s*])@\w+/g)].at(-1);
  if (!tag) return false;
  const since = before.slice(tag.index + tag[0].length);
  return since.trim() === '' || since.split('{').length > since.split('}').length;
}

function isCallee({ type }: Node): boolean {
  return type === 'import' || type === 'identifier' || type === 'type_identifier';
}

function lineOf(text: string, word: Node, index: number): number {
  let line = word.startPosition.row + 1;
  for (let at = word.startIndex; at < index; at++) if (text.charCodeAt(at) === 10) line++;
  return line;
}

/** `import('./x').Name` */
function memberNames(text: string, after: number): ImportedName[] {
  const name = member(text, after);
  return [{ name: name ?? '*', alias: null }];
}

function member(text: string, after: number): string | undefined {
  MEMBER.lastIndex = after;
  return MEMBER.exec(text)?.[1];
}

const MEMBER = /\s*\)\s*\.\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)/uy;

/** Whether the import is a type: an identifier stands in its place, so the tree can tell. */
function isTypePosition(word: Node): boolean {
  if (word.type === 'type_identifier') return true;
  let node = word.parent;
  while (node && TYPE_NAME.has(node.type)) node = node.parent;
  return node?.type === 'nested_type_identifier' || node?.type === 'type_query';
}

const TYPE_NAME = new Set(['nested_identifier', 'member_expression', 'instantiation_expression']);

/** What `const { a, b: c } = await import('./x')` or `require('./x').a` takes. */
function boundNames(text: string, word: Node, after: number): ImportedName[] {
  let node: Node | null = word;
  if (!text.startsWith('import', word.startIndex) || word.type === 'import') {
    while (node && node.type !== 'call_expression') node = node.parent;
  }
  do node = node?.parent ?? null;
  while (node && PASSED_THROUGH.has(node.type));
  if (node?.type === 'member_expression') {
    const property = node.childForFieldName('property');
    const name = property ? nameText(text, property) : '';
    return /^(?:then|catch|finally)$/.test(name)
      ? [{ name: '*', alias: null }]
      : [{ name, alias: null }];
  }
  if (node?.type !== 'variable_declarator') return [{ name: '*', alias: null }];
  const pattern = node.childForFieldName('name');
  if (pattern?.type === 'identifier') {
    return [{ name: member(text, after) ?? '*', alias: nameText(text, pattern) }];
  }
  if (pattern?.type !== 'object_pattern') return [{ name: '*', alias: null }];
  return pattern.namedChildren.flatMap((entry) => toImportedName(text, entry));
}

const PASSED_THROUGH = new Set([
  'await_expression',
  'parenthesized_expression',
  'as_expression',
  'non_null_expression',
]);

function toImportedName(text: string, entry: Node): ImportedName[] {
  if (entry.type === 'shorthand_property_identifier_pattern') {
    return [{ name: nameText(text, entry), alias: null }];
  }
  if (entry.type === 'object_assignment_pattern') {
    const left = entry.childForFieldName('left');
    return left ? toImportedName(text, left) : [];
  }
  if (entry.type === 'rest_pattern') return [{ name: '*', alias: null }];
  const key = entry.childForFieldName('key');
  const value = entry.childForFieldName('value');
  if (!key) return [];
  const alias = value?.type === 'identifier' ? nameText(text, value) : null;
  return [{ name: nameText(text, key), alias }];
}

/** `@import { Name } from './x'` in a JSDoc comment. */
function readImportTags(text: string, root: Node, found: Found[]): void {
  if (!text.includes('@import')) return;
  for (const match of text.matchAll(IMPORT_TAG)) {
    const word = root.descendantForIndex(match.index, match.index + 1);
    if (word?.type !== 'comment' || !text.startsWith('/**', word.startIndex)) continue;
    const clause = (match[1] ?? '').replace(/\n\s*\*/g, ' ').replace(/\bfrom\s*$/, '');
    found.push({
      index: match.index,
      specifier: match[3] ?? '',
      names: readClause(clause).names,
      kind: 'type',
      line: lineOf(text, word, match.index),
    });
  }
}

const IMPORT_TAG = /@import\s+([^'"@;]*?\bfrom[\s*]*)(['"])([^'"\n]+)\2/g;

/** `/// <reference path="./globals.d.ts" />` at the head of a file. */
function readReferences(text: string, found: Found[]): void {
  if (!text.includes('<reference')) return;
  const head = /^(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*/.exec(text)?.[0] ?? '';
  for (const match of head.matchAll(/^[ \t]*\/\/\/\s*<reference\s+path\s*=\s*(['"])(.+?)\1/gm)) {
    const line = head.slice(0, match.index).split('\n').length;
    const path = match[2] ?? '';
    const specifier = /^\.{0,2}\//.test(path) ? path : `./${path}`;
    found.push({ index: match.index, specifier, names: [], kind: 'type', line });
  }
}
