import type { ImportStatement, SymbolKind, SymbolMetadata, SymbolRecord } from '@codepakt/contract';
import type { Node } from 'web-tree-sitter';
import { memberPath } from './declaration-text.ts';
import type { Extraction, Extractor, Source } from './extractor.ts';
import { findBodies } from './go-bodies.ts';
import { docOf, eachDeclaration } from './go-comments.ts';
import { isPackageMember, readImports } from './go-package.ts';
import { codeOnOneLine, identifierAt, isExported, withoutComments } from './go-text.ts';

/** Package-level declarations, the fields and methods of their types, and imports. */
export const goExtractor: Extractor = { version: 1, findBodies, extract };

interface GoFile {
  path: string;
  text: string;
  symbols: SymbolRecord[];
  imports: ImportStatement[];
  isPackageMember: boolean;
}

function extract({ path, text, root }: Source): Extraction {
  const file: GoFile = { path, text, symbols: [], imports: [], isPackageMember: false };
  readDeclarations(file, root);
  const { symbols, imports, isPackageMember } = file;
  return { symbols, imports, isPackageMember };
}

function readDeclarations(file: GoFile, parent: Node): void {
  eachDeclaration(file.text, parent, (node, comment) => {
    const { type } = node;
    if (type === 'function_declaration') readFunction(file, node, comment);
    else if (type === 'method_declaration') readMethod(file, node, comment);
    else if (type === 'type_declaration') readGroup(file, node, 'type', comment);
    else if (type === 'const_declaration') readGroup(file, node, 'const', comment);
    else if (type === 'var_declaration') readGroup(file, node, 'var', comment);
    else if (type === 'import_declaration')
      file.imports = file.imports.concat(readImports(file.text, node));
    else if (type === 'package_clause') {
      file.isPackageMember = isPackageMember(file.path, file.text, node);
    } else if (type === 'ERROR') readDeclarations(file, node);
  });
}

function readFunction(file: GoFile, node: Node, comment: string | null): void {
  const name = node.childForFieldName('name');
  if (name) declare(file, { kind: 'function', name, node, comment, ...header(file, node) });
}

const receiver =
  /^\s*\(\s*(?:[\p{L}_][\p{L}\p{N}_]*\s+)?([*(\s]*(?:[\p{L}_][\p{L}\p{N}_]*\.)?([\p{L}_][\p{L}\p{N}_]*).*?)[\s,]*\)\s*$/su;

function readMethod(file: GoFile, node: Node, comment: string | null): void {
  const name = node.childForFieldName('name');
  if (!name) return;
  // It may have a name of its own, a pointer, parentheses and type parameters: `(l *List[T])`.
  const code = codeOnOneLine(file.text.slice(node.startIndex + 'func'.length, name.startIndex));
  const [, type = '', parent] = receiver.exec(code) ?? [];
  const symbol = declare(file, {
    kind: 'method',
    name,
    node,
    comment,
    parent,
    metadata: { receiver: type },
    ...header(file, node),
  });
  if (symbol && parent) symbol.exported &&= isExported(parent);
}

/** What comes before the body. */
function header(file: GoFile, node: Node): { signature: string } {
  const body = node.childForFieldName('body');
  const code = file.text.slice(node.startIndex, body?.startIndex ?? node.endIndex);
  return { signature: codeOnOneLine(code) };
}

type Keyword = 'type' | 'const' | 'var';

/** One keyword may be followed by many declarations in parentheses, each with its own comment. */
function readGroup(file: GoFile, node: Node, keyword: Keyword, comment: string | null): void {
  let isGroup: boolean | undefined;
  eachDeclaration(file.text, node, (spec, own) => {
    const { type } = spec;
    isGroup ??= withoutComments(file.text.slice(node.startIndex, spec.startIndex)).includes('(');
    if (type === 'var_spec_list') {
      eachDeclaration(file.text, spec, (inner, above) =>
        readSpec(file, inner, inner, keyword, above),
      );
    } else {
      readSpec(file, spec, isGroup ? spec : node, keyword, isGroup ? own : comment);
    }
  });
}

/** @param whole what the declaration begins with: the spec, or the keyword before it */
function readSpec(
  file: GoFile,
  spec: Node,
  whole: Node,
  keyword: Keyword,
  comment: string | null,
): void {
  const { type } = spec;
  if (type === 'type_spec' || type === 'type_alias') readType(file, spec, whole, comment);
  else if (type === 'const_spec' || type === 'var_spec') {
    readValues(file, spec, whole, keyword, comment);
  }
}

function readType(file: GoFile, spec: Node, whole: Node, comment: string | null): void {
  const name = spec.childForFieldName('name');
  const type = spec.childForFieldName('type');
  if (!name || !type) return;
  const body = bodyOf(file, type);
  const kinds: Record<string, SymbolKind> = { struct_type: 'struct', interface_type: 'interface' };
  const metadata: SymbolMetadata = spec.type === 'type_alias' ? { alias: true } : {};
  const code = file.text.slice(spec.startIndex, body?.start ?? spec.endIndex);
  const symbol = declare(file, {
    kind: kinds[type.type] ?? 'type',
    name,
    node: spec,
    whole,
    comment,
    signature: codeOnOneLine(`type ${code}`),
    metadata,
  });
  if (symbol && body) readMembers(file, body, memberPath(null, symbol.name), 1);
}

function readValues(
  file: GoFile,
  spec: Node,
  whole: Node,
  keyword: Keyword,
  comment: string | null,
): void {
  const code = file.text.slice(spec.startIndex, spec.endIndex);
  const isShort = code.length <= 120 && !code.includes('\n');
  const declared = isShort ? code : beforeValue(code);
  const kind = keyword === 'const' ? 'constant' : 'variable';
  const signature = codeOnOneLine(`${keyword} ${declared}`);
  const names: string[] = [];
  for (const part of spec.namedChildren) {
    const { type } = part;
    if (type === 'comment') continue;
    if (type === 'identifier') {
      const symbol = declare(file, { kind, name: part, node: spec, whole, comment, signature });
      if (symbol) names.push(symbol.name);
      continue;
    }
    // What follows the names is the type, or else the value, which declares nothing.
    const body = code.includes('{') ? bodyOf(file, part) : null;
    if (body) for (const name of names) readMembers(file, body, memberPath(null, name), 1);
    return;
  }
}

function beforeValue(code: string): string {
  const end = code.search(/=|\{\s*\n/);
  return end < 0 ? code : code.slice(0, end);
}

/** The braces of a struct or an interface, and what stands in them. */
interface Body {
  list: Node;
  start: number;
}

/** Of the struct or interface that a type is, or is a pointer to, a slice or a map of. */
function bodyOf(file: GoFile, type: Node): Body | null {
  let inner: Node | null = type;
  while (inner) {
    switch (inner.type) {
      case 'struct_type': {
        const list: Node | null = inner.namedChild(0);
        return list && { list, start: list.startIndex };
      }
      case 'interface_type':
        return { list: inner, start: file.text.indexOf('{', inner.startIndex) };
      case 'pointer_type':
      case 'slice_type':
      case 'array_type':
      case 'map_type':
      case 'channel_type':
      case 'parenthesized_type':
        inner = inner.lastNamedChild;
        break;
      default:
        return null;
    }
  }
  return null;
}

/** Anonymous structs in one another are followed so far and no further. */
const DEPTH = 16;

function readMembers(file: GoFile, { list }: Body, parent: string, depth: number): void {
  eachDeclaration(file.text, list, (node, comment) => {
    const { type } = node;
    if (type === 'field_declaration') readField(file, node, parent, comment, depth);
    else if (type === 'method_elem') {
      const name = node.namedChild(0);
      const signature = codeOnOneLine(file.text.slice(node.startIndex, node.endIndex));
      if (name) declare(file, { kind: 'method', name, node, comment, parent, signature });
    } else if (type === 'type_elem') readEmbeddedInterface(file, node, parent, comment);
    else if (type === 'ERROR') readMembers(file, { list: node, start: 0 }, parent, depth);
  });
}

function readField(
  file: GoFile,
  node: Node,
  parent: string,
  comment: string | null,
  depth: number,
): void {
  const code = file.text.slice(node.startIndex, node.endIndex);
  const names: Node[] = [];
  for (const part of node.namedChildren) {
    const { type } = part;
    if (type === 'comment') continue;
    if (type === 'field_identifier') {
      names.push(part);
      continue;
    }
    if (names.length === 0) {
      const name = typeName(part);
      const metadata = { embedded: true };
      const signature = codeOnOneLine(code);
      if (name)
        declare(file, { kind: 'property', name, node, comment, parent, signature, metadata });
      return;
    }
    const body = depth < DEPTH && code.includes('{') ? bodyOf(file, part) : null;
    const signature = codeOnOneLine(body ? code.slice(0, body.start - node.startIndex) : code);
    for (const name of names) {
      const symbol = declare(file, { kind: 'property', name, node, comment, parent, signature });
      if (symbol && body) readMembers(file, body, memberPath(parent, symbol.name), depth + 1);
    }
    return;
  }
}

/** An interface may embed another; a union of types has no name. */
function readEmbeddedInterface(
  file: GoFile,
  node: Node,
  parent: string,
  comment: string | null,
): void {
  const [only, ...others] = node.namedChildren;
  const name = only && others.length === 0 ? typeName(only) : null;
  if (!name) return;
  const signature = codeOnOneLine(file.text.slice(node.startIndex, node.endIndex));
  const metadata = { embedded: true };
  declare(file, { kind: 'property', name, node, comment, parent, signature, metadata });
}

/** The name under which a type is embedded: `T` of `T`, `*T`, `package.T` and `T[int]`. */
function typeName(type: Node): Node | null {
  switch (type.type) {
    case 'type_identifier':
      return type;
    case 'qualified_type':
      return type.childForFieldName('name');
    case 'generic_type': {
      const inner = type.childForFieldName('type');
      return inner && typeName(inner);
    }
    case 'pointer_type':
    case 'parenthesized_type': {
      const inner = type.namedChild(0);
      return inner && typeName(inner);
    }
    default:
      return null;
  }
}

interface Declaration {
  kind: SymbolKind;
  name: Node;
  /** The node that ends where the declaration ends. */
  node: Node;
  /** The node that begins where the declaration begins, if that is another. */
  whole?: Node;
  comment: string | null;
  signature: string;
  parent?: string | undefined;
  metadata?: SymbolMetadata;
}

function declare(file: GoFile, declaration: Declaration): SymbolRecord | null {
  const { kind, name, node, whole = node, comment, signature, metadata = {} } = declaration;
  const text = identifierAt(file.text, name.startIndex);
  // The blank identifier declares nothing.
  if (text === '' || text === '_') return null;
  const symbol: SymbolRecord = {
    name: text,
    kind,
    parent: declaration.parent ?? null,
    line: name.startPosition.row + 1,
    column: name.startPosition.column + 1,
    start_line: whole.startPosition.row + 1,
    end_line: node.endPosition.row + 1,
    exported: isExported(text),
    signature,
    doc: docOf(file.text, comment, node.endIndex),
    metadata,
  };
  file.symbols.push(symbol);
  return symbol;
}
