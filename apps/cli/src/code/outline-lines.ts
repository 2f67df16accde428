import type { FileOutline } from '@codepakt/contract';

type Entry = FileOutline['symbols'][number];

/**
 * What of an outline has a line of its own: a statement that declares several names is shown once,
 * and what is only required from elsewhere is told by the imports.
 */
export function outlineLines(symbols: readonly Entry[]): Entry[] {
  return symbols.filter((symbol, at) => !isRequired(symbol) && !isSame(symbol, symbols[at - 1]));
}

function isSame(symbol: Entry, before: Entry | undefined): boolean {
  return (
    symbol.signature === before?.signature &&
    symbol.start_line === before.start_line &&
    symbol.end_line === before.end_line &&
    symbol.depth === before.depth
  );
}

function isRequired({ kind, exported, signature }: Entry): boolean {
  const isVariable = kind === 'constant' || kind === 'variable';
  return isVariable && !exported && REQUIRED.test(signature);
}

/** `const { a } = require('./a')`, and `require('./a').b`. */
const REQUIRED = /=\s*require\(\s*(['"])[^'"]*\1\s*\)(?:\.[\w$]+)*$/;
