import type { SymbolMetadata, SymbolRecord } from '@codepakt/contract';
import type { Node } from 'web-tree-sitter';
import { firstSentence } from './declaration-text.ts';
import type { Extraction, Extractor, Source } from './extractor.ts';
import { readAssignment, readTypeAlias } from './python-assignments.ts';
import { isTypeGuard, lastLineOf, readBody } from './python-body.ts';
import { withoutLongComments } from './python-comments.ts';
import { decoratorName, readDecorators } from './python-decorators.ts';
import { ExportList } from './python-exports.ts';
import { declare, type Name, nameAt, type PythonFile, type Scope, scopeOf } from './python-file.ts';
import { isImport, readDynamicImports, readImportStatement } from './python-imports.ts';
import { codeOnOneLine, docstringAt } from './python-text.ts';

/** Functions, classes and assignments outside of function bodies; imports everywhere. */
export const pythonExtractor: Extractor = {
  version: 1,
  prepare: withoutLongComments,
  repair: withoutStarredStrings,
  extract,
};

/** The grammar knows `*names` among values, but not `*"text"`. */
function withoutStarredStrings(text: string): string {
  return text.replace(/([,=([][ \t]*)\*(?=["'])/g, '$1 ');
}

function extract({ text, root }: Source): Extraction {
  const file: PythonFile = {
    text,
    symbols: [],
    owners: new Map(),
    imports: [],
    exports: new ExportList(text, root),
    hasErrors: root.hasError,
  };
  readStatements(file, root, { owner: null, path: null, isEnum: false, isTypeOnly: false });
  for (const each of readDynamicImports(text, root)) file.imports.push(each);
  settle(file);
  const imports = file.imports.sort((a, b) => a.at - b.at).map((found) => found.statement);
  return { symbols: file.symbols, imports };
}

/** What only the whole file tells: `__all__` may stand at its end, and members be cut off their class. */
function settle({ symbols, owners, exports, hasErrors }: PythonFile): void {
  // A class comes before its members.
  for (const symbol of symbols) {
    const owner = owners.get(symbol);
    symbol.exported = owner
      ? owner.exported && !symbol.name.startsWith('_')
      : exports.has(symbol.name);
  }
  for (const symbol of hasErrors ? symbols.toReversed() : []) {
    const owner = owners.get(symbol);
    if (owner) owner.end_line = Math.max(owner.end_line, symbol.end_line);
  }
}

/** A definition, by which indented statements after it are known to belong to it. */
interface Opened {
  column: number;
  /** Null in a function: there is nothing to declare. */
  scope: Scope | null;
  around: Opened | null;
}

/** Among the parts of an error, where the words of a definition may stand alone. */
const isStatement = /^(?:class|def|ERROR|.*_(?:statement|definition))$/;

/** @returns the definition that is still open at the end, if an error was met. */
function readStatements(
  file: PythonFile,
  block: Node,
  scope: Scope,
  around: Opened | null = null,
): Opened | null {
  let assigned: SymbolRecord[] = [];
  let opened = around;
  const isBroken = file.hasErrors && block.type === 'ERROR';
  const statements = isBroken ? block.children : block.namedChildren;
  for (const statement of statements) {
    // A comment, which many a block has many of, is known by its mark.
    if (file.text[statement.startIndex] === '#') continue;
    const { type } = statement;
    if (isBroken && !isStatement.test(type)) continue;
    // What is indented below a definition belongs to it, also where an error cut it off.
    const { column } = statement.startPosition;
    while (opened && opened.column >= column && type !== 'ERROR') opened = opened.around;
    const at: Scope | null = opened ? opened.scope : scope;
    if (type === 'expression_statement') {
      assigned = at ? readExpression(file, statement, at, assigned) : [];
      continue;
    }
    assigned = [];
    if (isImport(type)) {
      for (const each of readImportStatement(file.text, statement, scope.isTypeOnly)) {
        file.imports.push(each);
      }
    } else if (type === 'ERROR') {
      opened = readStatements(file, statement, scope, opened);
    } else if (at) {
      const inner: Opened | null = readStatement(file, statement, type, at);
      if (inner) opened = { ...inner, around: opened };
    }
  }
  return opened;
}

/** What holds statements without opening a scope. */
const compound = new Set([
  'block',
  'elif_clause',
  'else_clause',
  'try_statement',
  'except_clause',
  'finally_clause',
  'with_statement',
  'for_statement',
  'while_statement',
  'match_statement',
  'case_clause',
]);

function readStatement(file: PythonFile, node: Node, type: string, scope: Scope): Opened | null {
  if (type === 'function_definition') return readFunction(file, node, node, [], scope);
  if (type === 'class_definition') return readClass(file, node, node, [], scope);
  if (type === 'decorated_definition') return readDecorated(file, node, scope);
  if (type === 'class' || type === 'def') return recover(file, node, type, scope);
  if (type === 'type_alias_statement') readTypeAlias(file, node, scope);
  if (type === 'if_statement') readIf(file, node, scope);
  if (compound.has(type)) readStatements(file, node, scope);
  return null;
}

function readIf(file: PythonFile, statement: Node, scope: Scope): void {
  if (!isTypeGuard(file.text, statement)) {
    readStatements(file, statement, scope);
    return;
  }
  for (const part of statement.namedChildren) {
    const { type } = part;
    const isTypeOnly = scope.isTypeOnly || type === 'block';
    if (compound.has(type)) readStatements(file, part, { ...scope, isTypeOnly });
  }
}

/** @returns what the statement declares: a string right after it is its documentation. */
function readExpression(
  file: PythonFile,
  statement: Node,
  scope: Scope,
  before: SymbolRecord[],
): SymbolRecord[] {
  if (scope.owner === null) file.exports.read(statement);
  const isString = /["']/.test(file.text[statement.startIndex] ?? '');
  if (isString && before.length === 0) return [];
  const expression = statement.namedChild(0);
  const type = expression?.type;
  if (expression && type === 'assignment') {
    return readAssignment(file, statement, expression, scope);
  }
  if (type === 'string' && before.length > 0) {
    const doc = docstringAt(file.text, statement.startIndex);
    for (const symbol of before) symbol.doc = doc && firstSentence(doc);
  }
  return [];
}

function readDecorated(file: PythonFile, statement: Node, scope: Scope): Opened | null {
  const decorators: string[] = [];
  for (const part of statement.namedChildren) {
    if (file.text[part.startIndex] === '@') {
      decorators.push(decoratorName(file.text, part));
      continue;
    }
    const { type } = part;
    if (type === 'class_definition') return readClass(file, statement, part, decorators, scope);
    if (type === 'function_definition') {
      return readFunction(file, statement, part, decorators, scope);
    }
  }
  return null;
}

function readFunction(
  file: PythonFile,
  first: Node,
  definition: Node,
  decorators: string[],
  scope: Scope,
): Opened | null {
  const name = nameOf(file, definition);
  if (!name) return null;
  const body = definition.childForFieldName('body');
  const { endIndex } = definition;
  const metadata: SymbolMetadata = {};
  if (file.text.startsWith('async', definition.startIndex)) metadata.async = true;
  const within = body && readBody(file.text, body, endIndex);
  if (within?.yields) metadata.generator = true;
  const kind = readDecorators(decorators, scope.owner !== null, metadata);
  declare(file, {
    name,
    kind: kind === 'method' && name.text === '__init__' ? 'constructor' : kind,
    scope,
    first,
    end_line: lastLineOf(file.text, definition, endIndex),
    ...describe(file, definition, body, endIndex),
    metadata,
  });
  for (const each of within?.imports ?? []) file.imports.push(each);
  return { column: first.startPosition.column, scope: null, around: null };
}

const enumBases = /^(?:Enum|IntEnum|StrEnum|ReprEnum|Flag|IntFlag|TextChoices|IntegerChoices)$/;

function readClass(
  file: PythonFile,
  first: Node,
  definition: Node,
  decorators: string[],
  scope: Scope,
): Opened | null {
  const name = nameOf(file, definition);
  if (!name) return null;
  const body = definition.childForFieldName('body');
  const { endIndex } = definition;
  const metadata: SymbolMetadata = {};
  if (decorators.length > 0) metadata.decorators = decorators;
  const bases = basesOf(file, definition);
  if (bases.some((base) => /^(?:ABC|metaclass\s*=.*\bABCMeta)$/.test(base))) {
    metadata.abstract = true;
  }
  const symbol = declare(file, {
    name,
    kind: bases.some((base) => enumBases.test(base)) ? 'enum' : 'class',
    scope,
    first,
    end_line: lastLineOf(file.text, definition, endIndex),
    ...describe(file, definition, body, endIndex),
    metadata,
  });
  const inner = scopeOf(symbol, scope);
  if (body) readStatements(file, body, inner);
  for (const part of file.hasErrors ? definition.namedChildren : []) {
    if (part.type === 'ERROR') readStatements(file, part, inner);
  }
  return { column: first.startPosition.column, scope: inner, around: null };
}

/** The last names of the base classes, and the keywords as written. */
function basesOf(file: PythonFile, definition: Node): string[] {
  const bases = definition.childForFieldName('superclasses')?.namedChildren ?? [];
  return bases.map((base) => {
    const code = file.text.slice(base.startIndex, base.endIndex);
    return code.includes('=') ? code : code.replace(/\[.*$/s, '').replace(/^.*\./s, '');
  });
}

/** A signature is cut off anyway: there is no need to look at pages of a header. */
const LONGEST_HEADER = 4_000;

/** The header of a class or function stands alone: what is known of it is its name. */
function recover(file: PythonFile, keyword: Node, type: string, scope: Scope): Opened | null {
  const name = nameOf(file, keyword);
  if (!name) return null;
  const start = keyword.startIndex;
  const [header = ''] = file.text.slice(start, start + LONGEST_HEADER).split('\n', 1);
  const symbol = declare(file, {
    name,
    kind: type === 'class' ? 'class' : scope.owner ? 'method' : 'function',
    scope,
    first: keyword,
    end_line: keyword.startPosition.row + 1,
    signature: codeOnOneLine(header).replace(/\s*:$/, ''),
  });
  const inner = type === 'class' ? scopeOf(symbol, scope) : null;
  return { column: keyword.startPosition.column, scope: inner, around: null };
}

const plainHeader = /((?:async +)?(?:def|class) +)([a-zA-Z_]\w*)(?=[(:[\s])/y;

/** Nearly always it stands on the line of the keyword, which saves asking the tree. */
function nameOf(file: PythonFile, definition: Node): Name | null {
  plainHeader.lastIndex = definition.startIndex;
  const found = plainHeader.exec(file.text);
  if (found) {
    const [, before = '', text = ''] = found;
    const { row, column } = definition.startPosition;
    return { text, row, column: column + before.length };
  }
  const name = definition.childForFieldName('name');
  return name && name.endIndex > name.startIndex ? nameAt(file.text, name) : null;
}

function describe(
  file: PythonFile,
  definition: Node,
  body: Node | null,
  endIndex: number,
): { signature: string; doc: string | null } {
  const start = definition.startIndex;
  const end = Math.min(body?.startIndex ?? endIndex, start + LONGEST_HEADER);
  let header = file.text.slice(start, end);
  // An error may have swallowed what follows the header.
  if (file.hasErrors) header = header.trimEnd().replace(/:\s*\n.*$/s, '');
  const doc = body && docstringAt(file.text, body.startIndex);
  return {
    signature: codeOnOneLine(header).replace(/\s*:$/, ''),
    doc: doc && firstSentence(doc),
  };
}
