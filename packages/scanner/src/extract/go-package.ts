import { posix } from 'node:path';
import type { ImportStatement } from '@codepakt/contract';
import type { Node } from 'web-tree-sitter';

const importSpec =
  /(?:(?<![\p{L}\p{N}_])(\.|[\p{L}_][\p{L}\p{N}_]*)\s*)?(?:"([^"\n]*)"|`([^`]*)`)/gu;
const stringOrComment = /"[^"\n]*"|`[^`]*`|\/\/[^\n]*|\/\*.*?(?:\*\/|$)/gs;

/** The imports of one declaration, which may hold many in parentheses. */
export function readImports(text: string, declaration: Node): ImportStatement[] {
  const imports: ImportStatement[] = [];
  const begin = declaration.startIndex + 'import'.length;
  const code = text
    .slice(begin, declaration.endIndex)
    .replace(stringOrComment, (piece) =>
      piece.startsWith('/') ? piece.replace(/[^\n]/g, ' ') : piece,
    );
  let line = declaration.startPosition.row + 1;
  let counted = 0;
  for (const { 1: alias, 2: quoted, 3: raw = '', index } of code.matchAll(importSpec)) {
    line += code.slice(counted, index).split('\n').length - 1;
    counted = index;
    const isBlank = alias === '_';
    imports.push({
      specifier: quoted ?? raw,
      // A package arrives whole, under its own name unless it is given another.
      names: isBlank ? [] : [{ name: '*', alias: alias ?? null }],
      kind: isBlank ? 'side_effect' : 'import',
      line,
    });
  }
  return imports;
}

/**
 * Whether an import of its folder brings the file in. Tests stay out, and so do programs that lie
 * beside a package for its makers, behind a build constraint; other constraints only choose a platform.
 */
export function isPackageMember(path: string, text: string, clause: Node): boolean {
  const file = posix.basename(path);
  if (file.endsWith('_test.go') || /^[_.]/.test(file)) return false;
  const [, name = ''] =
    /^package\s+(\S+)/.exec(text.slice(clause.startIndex, clause.endIndex)) ?? [];
  if (name === 'documentation') return false;
  const header = text.slice(0, clause.startIndex).replace(/\/\*.*?(?:\*\/|$)/gs, '');
  const [, constraint] = /^\/\/(?:go:build|[ \t]*\+build)[ \t]([^\n]*)/m.exec(header) ?? [];
  if (constraint === undefined) return true;
  return name !== 'main' && constraint.trim() !== 'ignore';
}
