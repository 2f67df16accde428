import type { Node } from 'web-tree-sitter';
import type { Child } from './child-nodes.ts';
import { type ExportAssignment, findAssignments } from './commonjs-exports.ts';

/** What leaves a module, a namespace or an ambient module by other ways than the word `export`. */
export interface Exports {
  /** Local names in `export { … }`, `export default name`, `export = name` and CommonJS exports. */
  names: ReadonlySet<string>;
  /** Ambient code without an export list gives away all that it declares. */
  everything: boolean;
  /** CommonJS exports by the id of the statement that assigns them. */
  assignments: ReadonlyMap<number, ExportAssignment[]>;
}

export interface BodyKind {
  /** In a declaration file, or below `declare`. */
  isAmbient: boolean;
  /** The file itself is a module only when it imports or exports something. */
  isFile: boolean;
  /** Whether its name makes it a module that is never CommonJS. */
  isModule?: boolean;
}

export function readExports(
  text: string,
  statements: Child[],
  { isAmbient, isFile, isModule = false }: BodyKind,
): Exports {
  const names = new Set<string>();
  let isModular = false;
  let hasList = false;
  for (const { node, type } of statements) {
    switch (type) {
      case 'import_statement':
        isModular = true;
        break;
      case 'export_statement':
        isModular = true;
        hasList = readExportList(text, node, names) || hasList;
        readInnerExports(text, node, names);
        break;
      case 'ambient_declaration':
        readInnerExports(text, node, names);
        break;
    }
  }
  const isCommonjs = isFile && !isModule && !isModular;
  return {
    names,
    everything: isAmbient && !hasList && (isModular || !isFile),
    assignments: isCommonjs ? findAssignments(text, statements, names) : new Map(),
  };
}

const LIST = /export\s*(?:type\s*)?(?:\{|\*)/y;
const IDENTIFIER = /export\s*(?:default\b|=)\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*;?\s*$/u;
const VALUE =
  /export\s*(?:default\b(?!\s*(?:abstract\s+class|async\s+function|class|function|interface|enum)\b)|=)/y;

/** Whether the statement is an export list or an exported expression; its local names are added. */
function readExportList(text: string, node: Node, names: Set<string>): boolean {
  LIST.lastIndex = node.startIndex;
  if (LIST.test(text)) {
    if (node.childForFieldName('source')) return true;
    const clause = node.namedChildren.find((child) => child.type === 'export_clause');
    for (const specifier of clause?.namedChildren ?? []) {
      const name = specifier.childForFieldName('name');
      if (name) names.add(text.slice(name.startIndex, name.endIndex));
    }
    return true;
  }
  VALUE.lastIndex = node.startIndex;
  if (!VALUE.test(text)) return false;
  const name = IDENTIFIER.exec(text.slice(node.startIndex, node.endIndex))?.[1];
  if (name !== undefined) names.add(name);
  return true;
}

const NAMESPACE = /^(?:export\s+)?(?:declare\s+)?(?:namespace|module)\s/;
const GIVEN_AWAY =
  /\bexport\s*(?:type\s*)?\{([^{}]*)\}(?!\s*from\b)|\bexport\s*(?:=|default\b)\s*([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*[;\n}]/gu;

/**
 * What an inner namespace or ambient module gives away may be declared around it:
 * `declare module 'lazy' { export = Lazy }`.
 */
function readInnerExports(text: string, node: Node, names: Set<string>): void {
  if (!NAMESPACE.test(text.slice(node.startIndex, node.startIndex + 60))) return;
  const written = text.slice(node.startIndex, node.endIndex);
  for (const [, list, single] of written.matchAll(GIVEN_AWAY)) {
    for (const local of (list ?? single ?? '').split(',')) {
      const name = /^\s*(?:type\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)/u.exec(local)?.[1];
      if (name !== undefined) names.add(name);
    }
  }
}
