import type { SymbolKind, SymbolMetadata, SymbolRecord } from '@codepakt/contract';
import type { Node } from 'web-tree-sitter';
import { firstSentence } from './declaration-text.ts';
import type { Extraction, Extractor, Source } from './extractor.ts';
import { isTypeGuard, lastLineOf, readBody } from './python-body.ts';
import { decoratorName, readDecorators } from './python-decorators.ts';
import { ExportList } from './python-exports.ts';
import {
  isImport,
  type PlacedImport,
  readDynamicImports,
  readImportStatement,
} from './python-imports.ts';
import { codeOnOneLine, docstringAt } from './python-text.ts';

/** Functions, classes and assignments outside of function bodies; imports everywhere. */
export const pythonExtractor: Extractor = {
  version: 1,
  extract: (source) => new PythonFile(source).read(),
};

/** Where statements stand: at the top of the module, or in a class. */
interface Scope {
  owner: SymbolRecord | null;
  /** The names around, for the records of what is declared here. */
  path: string | null;
  isEnum: boolean;
  /** Below `if TYPE_CHECKING:`. */
  isTypeOnly: boolean;
}

/** A definition, by which indented statements after it are known to belong to it. */
interface Opened {
  column: number;
  /** Null in a function: there is nothing to declare. */
  scope: Scope | null;
  around: Opened | null;
}

const enumBases = /^(?:Enum|IntEnum|StrEnum|ReprEnum|Flag|IntFlag|TextChoices|IntegerChoices)$/;

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

/** Among the parts of an error, where the words of a definition may stand alone. */
const isStatement = /^(?:class|def|ERROR|.*_(?:statement|definition))$/;

class PythonFile {
  readonly #text: string;
  readonly #root: Node;
  readonly #symbols: SymbolRecord[] = [];
  readonly #owners = new Map<SymbolRecord, SymbolRecord | null>();
  readonly #imports: PlacedImport[] = [];
  readonly #exports: ExportList;
  readonly #hasErrors: boolean;

  constructor({ text, root }: Source) {
    this.#hasErrors = root.hasError;
    this.#text = text;
    this.#root = root;
    this.#exports = new ExportList(text, root);
  }

  read(): Extraction {
    const scope = { owner: null, path: null, isEnum: false, isTypeOnly: false };
    this.#readStatements(this.#root, scope);
    if (this.#hasErrors) this.#stretchClasses();
    this.#imports.push(...readDynamicImports(this.#text, this.#root));
    for (const symbol of this.#symbols) symbol.exported = this.#isExported(symbol);
    return {
      symbols: this.#symbols,
      imports: this.#imports.sort((a, b) => a.at - b.at).map((found) => found.statement),
    };
  }

  /** To the members that an error cut off. */
  #stretchClasses(): void {
    for (const symbol of this.#symbols.toReversed()) {
      const owner = this.#owners.get(symbol);
      if (owner) owner.end_line = Math.max(owner.end_line, symbol.end_line);
    }
  }

  /** Members come after their class, so what they ask of it is settled. */
  #isExported(symbol: SymbolRecord): boolean {
    const owner = this.#owners.get(symbol);
    return owner ? owner.exported && !symbol.name.startsWith('_') : this.#exports.has(symbol.name);
  }

  /** @returns the definition that is still open at the end, if an error was met. */
  #readStatements(block: Node, scope: Scope, around: Opened | null = null): Opened | null {
    let assigned: SymbolRecord[] = [];
    let opened = around;
    const isBroken = this.#hasErrors && block.type === 'ERROR';
    const statements = isBroken ? block.children : block.namedChildren;
    for (const [index, statement] of statements.entries()) {
      const { type } = statement;
      if (type === 'comment') continue;
      // What is indented below a definition belongs to it, also where an error cut it off.
      const { column } = statement.startPosition;
      if (isBroken && !isStatement.test(type)) continue;
      while (opened && opened.column >= column && type !== 'ERROR') opened = opened.around;
      const at: Scope | null = opened ? opened.scope : scope;
      if (type === 'expression_statement') {
        assigned = at ? this.#readExpression(statement, at, assigned) : [];
        continue;
      }
      assigned = [];
      if (isImport(type)) {
        this.#imports.push(...readImportStatement(this.#text, statement, scope.isTypeOnly));
      } else if (type === 'ERROR') {
        opened = this.#readStatements(statement, scope, opened);
      } else if (at) {
        const inner: Opened | null =
          type === 'class' || type === 'def'
            ? this.#recover(statement, type, statements[index + 1], at)
            : this.#readStatement(statement, type, at);
        if (inner) opened = { ...inner, around: opened };
      }
    }
    return opened;
  }

  #readStatement(statement: Node, type: string, scope: Scope): Opened | null {
    if (type === 'function_definition') return this.#readFunction(statement, statement, [], scope);
    if (type === 'class_definition') return this.#readClass(statement, statement, [], scope);
    if (type === 'decorated_definition') return this.#readDecorated(statement, scope);
    if (type === 'type_alias_statement') this.#readTypeAlias(statement, scope);
    if (type === 'if_statement') this.#readIf(statement, scope);
    if (compound.has(type)) this.#readStatements(statement, scope);
    return null;
  }

  #readIf(statement: Node, scope: Scope): void {
    if (!isTypeGuard(this.#text, statement)) {
      this.#readStatements(statement, scope);
      return;
    }
    for (const part of statement.namedChildren) {
      const { type } = part;
      const isTypeOnly = scope.isTypeOnly || type === 'block';
      if (compound.has(type)) this.#readStatements(part, { ...scope, isTypeOnly });
    }
  }

  #readDecorated(statement: Node, scope: Scope): Opened | null {
    const decorators: string[] = [];
    for (const part of statement.namedChildren) {
      const { type } = part;
      if (type === 'decorator') {
        decorators.push(decoratorName(this.#text.slice(part.startIndex + 1, part.endIndex)));
      } else if (type === 'class_definition') {
        return this.#readClass(statement, part, decorators, scope);
      } else if (type === 'function_definition') {
        return this.#readFunction(statement, part, decorators, scope);
      }
    }
    return null;
  }

  #readFunction(
    statement: Node,
    definition: Node,
    decorators: string[],
    scope: Scope,
  ): Opened | null {
    const body = definition.childForFieldName('body');
    const name = definition.childForFieldName('name');
    if (!name) return null;
    const metadata: SymbolMetadata = {};
    if (this.#text.startsWith('async', definition.startIndex)) metadata.async = true;
    const within = body ? readBody(this.#text, body) : null;
    if (within?.yields) metadata.generator = true;
    const kind = readDecorators(decorators, scope.owner !== null, metadata);
    const symbol = this.#declare(name, kind, statement, scope, metadata);
    if (!symbol) return null;
    if (kind === 'method' && symbol.name === '__init__') symbol.kind = 'constructor';
    symbol.end_line = lastLineOf(this.#text, definition);
    this.#describe(symbol, definition, body);
    if (within) this.#imports.push(...within.imports);
    return { column: statement.startPosition.column, scope: null, around: null };
  }

  #readClass(statement: Node, definition: Node, decorators: string[], scope: Scope): Opened | null {
    const body = definition.childForFieldName('body');
    const name = definition.childForFieldName('name');
    if (!name) return null;
    const metadata: SymbolMetadata = {};
    if (decorators.length > 0) metadata.decorators = decorators;
    const bases = this.#basesOf(definition);
    if (bases.some((base) => /^(?:ABC|metaclass\s*=.*\bABCMeta)$/.test(base))) {
      metadata.abstract = true;
    }
    const isEnum = bases.some((base) => enumBases.test(base));
    const symbol = this.#declare(name, isEnum ? 'enum' : 'class', statement, scope, metadata);
    if (!symbol) return null;
    symbol.end_line = lastLineOf(this.#text, definition);
    this.#describe(symbol, definition, body);
    const inner = innerScope(scope, symbol);
    if (body) this.#readStatements(body, inner);
    if (this.#hasErrors) {
      for (const part of definition.namedChildren) {
        if (part.type === 'ERROR') this.#readStatements(part, inner);
      }
    }
    return { column: statement.startPosition.column, scope: inner, around: null };
  }

  /** The header of a class or function stands alone: what is known of it is its name. */
  #recover(keyword: Node, type: string, next: Node | undefined, scope: Scope): Opened | null {
    const name = next?.type === 'call' ? next.childForFieldName('function') : next;
    if (name?.type !== 'identifier') return null;
    const kind = type === 'class' ? 'class' : scope.owner ? 'method' : 'function';
    const symbol = this.#declare(name, kind, keyword, scope, {});
    if (!symbol) return null;
    const [header = ''] = this.#text.slice(keyword.startIndex).split('\n', 1);
    symbol.signature = codeOnOneLine(header).replace(/\s*:$/, '');
    const inner = type === 'class' ? innerScope(scope, symbol) : null;
    return { column: keyword.startPosition.column, scope: inner, around: null };
  }

  /** The last names of the base classes, and the keywords as written. */
  #basesOf(definition: Node): string[] {
    const bases = definition.childForFieldName('superclasses')?.namedChildren ?? [];
    return bases.map((base) => {
      const code = this.#text.slice(base.startIndex, base.endIndex);
      return code.includes('=') ? code : code.replace(/\[.*$/s, '').replace(/^.*\./s, '');
    });
  }

  #describe(symbol: SymbolRecord, definition: Node, body: Node | null): void {
    const header = this.#text.slice(definition.startIndex, body?.startIndex ?? definition.endIndex);
    const isBroken = this.#hasErrors && /:\s*\n/.test(header.trimEnd());
    const read = isBroken ? header.slice(0, header.search(/:\s*\n/)) : header;
    symbol.signature = codeOnOneLine(read).replace(/\s*:$/, '');
    const doc = body && docstringAt(this.#text, body.startIndex);
    if (doc) symbol.doc = firstSentence(doc);
  }

  #readTypeAlias(statement: Node, scope: Scope): void {
    const left = statement.childForFieldName('left');
    const name = left && firstIdentifier(left);
    const symbol = name && this.#declare(name, 'type', statement, scope, {});
    if (symbol)
      symbol.signature = codeOnOneLine(this.#text.slice(statement.startIndex, statement.endIndex));
  }

  /** @returns what the statement declares: a string right after it is its documentation. */
  #readExpression(statement: Node, scope: Scope, before: SymbolRecord[]): SymbolRecord[] {
    if (scope.owner === null) this.#exports.read(statement);
    const expression = statement.namedChild(0);
    if (expression?.type === 'assignment')
      return this.#readAssignment(statement, expression, scope);
    if (before.length > 0 && expression?.type === 'string') {
      const doc = docstringAt(this.#text, statement.startIndex);
      for (const symbol of before) symbol.doc = doc && firstSentence(doc);
    }
    return [];
  }

  #readAssignment(statement: Node, assignment: Node, scope: Scope): SymbolRecord[] {
    const signature = this.#assignmentSignature(statement, assignment);
    const declared: SymbolRecord[] = [];
    let next: Node | null = assignment;
    while (next?.type === 'assignment') {
      const left = next.childForFieldName('left');
      const type = next.childForFieldName('type');
      const annotation = type ? this.#text.slice(type.startIndex, type.endIndex) : '';
      for (const name of left ? targetsOf(left) : []) {
        const kind = this.#kindOfVariable(name, annotation, scope);
        const symbol = this.#declare(name, kind, statement, scope, {});
        if (!symbol) continue;
        symbol.signature = signature;
        declared.push(symbol);
      }
      next = next.childForFieldName('right');
    }
    return declared;
  }

  #assignmentSignature(statement: Node, assignment: Node): string {
    const code = this.#text.slice(statement.startIndex, statement.endIndex);
    if (code.length <= 120 && !code.includes('\n')) return code;
    const right = assignment.childForFieldName('right');
    const declared = this.#text.slice(
      statement.startIndex,
      right?.startIndex ?? statement.endIndex,
    );
    return codeOnOneLine(declared).replace(/\s*=[\s(\\]*$/, '');
  }

  #kindOfVariable(node: Node, annotation: string, scope: Scope): SymbolKind {
    const name = this.#text.slice(node.startIndex, node.endIndex);
    if (scope.isEnum && !name.startsWith('_')) return 'enum_member';
    if (scope.owner) return 'property';
    if (/^(?:\w+\.)?TypeAlias$/.test(annotation)) return 'type';
    if (/^(?:\w+\.)?Final\b/.test(annotation) || isUpperCase(name)) return 'constant';
    return 'variable';
  }

  #declare(
    name: Node,
    kind: SymbolKind,
    statement: Node,
    scope: Scope,
    metadata: SymbolMetadata,
  ): SymbolRecord | null {
    const text = this.#text.slice(name.startIndex, name.endIndex);
    if (text === '') return null;
    const visibility = visibilityOf(text, scope);
    if (visibility) metadata.visibility = visibility;
    const symbol: SymbolRecord = {
      name: text,
      kind,
      parent: scope.path,
      line: name.startPosition.row + 1,
      column: name.startPosition.column + 1,
      start_line: statement.startPosition.row + 1,
      end_line: statement.endPosition.row + 1,
      exported: false,
      signature: '',
      doc: null,
      metadata,
    };
    this.#symbols.push(symbol);
    this.#owners.set(symbol, scope.owner);

    return symbol;
  }
}

function innerScope(scope: Scope, symbol: SymbolRecord): Scope {
  const path = scope.path ? `${scope.path}.${symbol.name}` : symbol.name;
  return { ...scope, owner: symbol, path, isEnum: symbol.kind === 'enum' };
}

function isUpperCase(name: string): boolean {
  return name.toUpperCase() === name && name.toLowerCase() !== name;
}

function visibilityOf(name: string, scope: Scope): string | null {
  if (!name.startsWith('_') || /^__.*__$/.test(name) || /^_+$/.test(name)) return null;
  return !scope.owner || name.startsWith('__') ? 'private' : 'protected';
}

/** The names that a target of an assignment binds: `a`, `(b, *c)`; an attribute or item binds none. */
function* targetsOf(target: Node): Generator<Node> {
  switch (target.type) {
    case 'identifier':
      yield target;
      return;
    case 'pattern_list':
    case 'tuple_pattern':
    case 'list_pattern':
    case 'list_splat_pattern':
    case 'parenthesized_expression':
      for (const part of target.namedChildren) yield* targetsOf(part);
  }
}

function firstIdentifier(node: Node): Node | null {
  let first: Node | null = node;
  while (first && first.type !== 'identifier') first = first.namedChild(0);
  return first;
}
