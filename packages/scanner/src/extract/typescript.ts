import { childrenOf } from './child-nodes.ts';
import type { Extractor } from './extractor.ts';
import { findBodies } from './typescript-bodies.ts';
import { declareStatements } from './typescript-declarations.ts';
import { closeErrorGaps, closeSilentGaps } from './typescript-grammar-gaps.ts';
import { readImports } from './typescript-imports.ts';

/** TypeScript, TSX and JavaScript: the grammars name alike what they have in common. */
export const typescriptExtractor: Extractor = {
  version: 3,
  findBodies: (text, path) => (hasBodies(path, text) ? findBodies(text) : undefined),
  prepare: (text, path) => closeSilentGaps(text, !isJavascript(path)),
  repair: closeErrorGaps,
  extract({ path, text, root }) {
    const statements = childrenOf(root);
    const symbols = declareStatements(text, statements, {
      isAmbient: isDeclarationFile(path),
      isJavascript: isJavascript(path),
      isModule: /\.m[jt]s$/i.test(path),
    });
    const imports = readImports({ text, root, statements, readsJsdoc: isJavascript(path) });
    return { symbols, imports };
  },
};

function isJavascript(path: string): boolean {
  return /\.[mc]?jsx?$/i.test(path);
}

/** Not what only declares; and in JSX, which is in JavaScript too, an apostrophe is just that. */
function hasBodies(path: string, text: string): boolean {
  if (/\.[mc]?ts$/i.test(path)) return !isDeclarationFile(path);
  return /\.[mc]?js$/i.test(path) && !text.includes('</') && !text.includes('/>');
}

function isDeclarationFile(path: string): boolean {
  return /\.d\.(?:[^/]+\.)?[mc]?ts$/i.test(path);
}
