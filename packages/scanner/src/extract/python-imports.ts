import type { ImportStatement } from '@codepakt/contract';
import type { Node } from 'web-tree-sitter';
import { tokensAt } from './tokens-at.ts';

/** An import and where it begins in the text, so that all can be put in the order of the text. */
export interface PlacedImport {
  at: number;
  statement: ImportStatement;
}

/** The imports that one statement makes: `import a, b` makes two. */
export function readImportStatement(text: string, node: Node, isTypeOnly: boolean): PlacedImport[] {
  let code = text.slice(node.startIndex, node.endIndex);
  if (/[\n#]| {2}/.test(code)) code = code.replace(/#[^\n]*/g, '').replace(/[\s\\]+/g, ' ');
  const kind = isTypeOnly ? 'type' : 'import';
  const place = (specifier: string, names: ImportStatement['names']): PlacedImport => ({
    at: node.startIndex,
    statement: { specifier, names, kind, line: node.startPosition.row + 1 },
  });

  const from = /^from\s*(.+?)\s*\bimport\b\s*\(?(.*?)\)?\s*$/s.exec(code);
  if (from) {
    const [, specifier = '', list = ''] = from;
    const names = namesOf(list).map(([name, alias]) => ({ name, alias }));
    return [place(specifier.replace(/\s+/g, ''), names)];
  }
  // The whole module arrives under its alias, or under its own dotted name.
  return namesOf(code.replace(/^import\b/, '')).map(([specifier, alias]) =>
    place(specifier, [{ name: '*', alias: alias ?? specifier }]),
  );
}

function namesOf(list: string): [name: string, alias: string | null][] {
  const names: [string, string | null][] = [];
  for (const entry of list.split(',')) {
    const [, name, alias = null] = /^\s*(\S.*?)(?:\s+as\s+(\S+))?\s*$/s.exec(entry) ?? [];
    if (name && /^(?:\*|[\w.\s\u0080-\uffff]+)$/.test(name)) {
      names.push([name.replace(/\s+/g, ''), alias]);
    }
  }
  return names;
}

export const importStatements: ReadonlySet<string> = new Set([
  'import_statement',
  'import_from_statement',
  'future_import_statement',
]);

export function isImport(type: string): boolean {
  return importStatements.has(type);
}

const dynamicCall =
  /\b(?:import_module|__import__)\s*\(\s*(['"])([^'"\s\\]+)\1\s*(?:,\s*(?:package\s*=\s*)?(?:(['"])([\w.]+)\3|__\w+__)\s*)?[,)]/g;

/** Modules imported by call, where the name stands in the text: `import_module('a.b')`. */
export function readDynamicImports(text: string, root: Node): PlacedImport[] {
  const found: PlacedImport[] = [];
  if (!/import_(?:module|_)/.test(text)) return found;
  const calls = [...text.matchAll(dynamicCall)];
  const places = calls.map(({ index }) => index);
  const callees = new Map(
    tokensAt(root, places, ['identifier']).map((callee) => [callee.startIndex, callee]),
  );
  for (const call of calls) {
    const callee = callees.get(call.index);
    if (!callee) continue;
    const [, , name = '', , parent] = call;
    const specifier = parent && name.startsWith('.') ? absolute(name, parent) : name;
    const line = callee.startPosition.row + 1;
    const names = [{ name: '*', alias: null }];
    found.push({ at: call.index, statement: { specifier, names, kind: 'dynamic', line } });
  }
  return found;
}

/** `.b` in the package `a` is `a.b`, `..b` in `a.c` is `a.b`. */
function absolute(relative: string, parent: string): string {
  const dots = /^\.*/.exec(relative)?.[0].length ?? 0;
  const above = parent.split('.');
  return [...above.slice(0, above.length - dots + 1), relative.slice(dots)]
    .filter(Boolean)
    .join('.');
}
