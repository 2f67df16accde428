import type { ImportStatement, SymbolRecord } from '@codepakt/contract';
import type { Node } from 'web-tree-sitter';

/** One parsed file. */
export interface Source {
  /** Relative to the project's root, with forward slashes. */
  path: string;
  /** Without a byte order mark. Offsets of nodes count in it, in UTF-16 units: slice it for names. */
  text: string;
  root: Node;
}

/** From `start` up to `end`, in UTF-16 units. */
export interface Span {
  start: number;
  end: number;
}

export interface Extraction {
  /** In the order of the text. */
  symbols: SymbolRecord[];
  /** In the order of the text. */
  imports: ImportStatement[];
  /** Whether an import of the file's folder brings this file in, for languages that import folders. */
  isPackageMember?: boolean;
}

/**
 * What a language brings: it reads the declarations and imports of one tree. The walk is the cost,
 * so it enters only what can declare (never a function's body) and takes text by slicing; where
 * the grammar met an error (`ERROR` nodes) it goes on with the children.
 */
export interface Extractor {
  /** Raised with every change of what it yields, so that files read before are read again. */
  version: number;
  /**
   * Text of the same length for the parser, where the grammar needs help with something that the
   * language allows. `extract` still gets the text as it is.
   */
  prepare?(text: string, path: string): string;
  /**
   * What of a text neither a symbol nor an import can come from, such as the bodies of
   * functions, in the order of the text: the parser passes over it, which is most of its work. Where
   * it then meets an error, it reads all of the text. Undefined when nothing is certain.
   */
  findBodies?(text: string, path: string): Span[] | undefined;
  /** Another text of the same length for one, already prepared, in which the grammar found errors. */
  repair?(text: string): string;
  extract(source: Source): Extraction;
}
