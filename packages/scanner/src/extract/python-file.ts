import type { SymbolKind, SymbolMetadata, SymbolRecord } from '@codepakt/contract';
import type { Node } from 'web-tree-sitter';
import { memberPath } from './declaration-text.ts';
import type { ExportList } from './python-exports.ts';
import type { PlacedImport } from './python-imports.ts';

/** A file while its declarations are gathered. */
export interface PythonFile {
  text: string;
  symbols: SymbolRecord[];
  /** The class of each member. */
  owners: Map<SymbolRecord, SymbolRecord>;
  imports: PlacedImport[];
  exports: ExportList;
  hasErrors: boolean;
}

/** Where statements stand: at the top of the module, or in a class. */
export interface Scope {
  owner: SymbolRecord | null;
  /** The names around, for the records of what is declared here. */
  path: string | null;
  isEnum: boolean;
  /** Below `if TYPE_CHECKING:`. */
  isTypeOnly: boolean;
}

/** The scope of a class's body. */
export function scopeOf(owner: SymbolRecord, around: Scope): Scope {
  const path = memberPath(around.path, owner.name);
  return { ...around, owner, path, isEnum: owner.kind === 'enum' };
}

/** A name and where it stands, counted from zero. */
export interface Name {
  text: string;
  row: number;
  column: number;
}

export function nameAt(text: string, node: Node): Name {
  return { text: text.slice(node.startIndex, node.endIndex), ...node.startPosition };
}

export interface Declaration {
  name: Name;
  kind: SymbolKind;
  scope: Scope;
  /** The node that begins where the declaration begins, with its decorators. */
  first: Node;
  end_line: number;
  signature: string;
  doc?: string | null;
  metadata?: SymbolMetadata;
}

/** Adds a symbol; what is exported is settled when the whole file is known. */
export function declare(file: PythonFile, declaration: Declaration): SymbolRecord {
  const { name, kind, scope, first, end_line, signature, doc = null } = declaration;
  const metadata = declaration.metadata ?? {};
  const visibility = visibilityOf(name.text, scope);
  if (visibility) metadata.visibility = visibility;
  const symbol: SymbolRecord = {
    name: name.text,
    kind,
    parent: scope.path,
    line: name.row + 1,
    column: name.column + 1,
    start_line: first.startPosition.row + 1,
    end_line,
    exported: false,
    signature,
    doc,
    metadata,
  };
  file.symbols.push(symbol);
  if (scope.owner) file.owners.set(symbol, scope.owner);
  return symbol;
}

function visibilityOf(name: string, scope: Scope): string | null {
  if (!name.startsWith('_') || /^__.*__$|^_+$/.test(name)) return null;
  return !scope.owner || name.startsWith('__') ? 'private' : 'protected';
}
