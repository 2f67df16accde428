import type { FileOutline } from '@codepakt/contract';

type Entry = FileOutline['symbols'][number];

export interface OutlineLine {
  depth: number;
  start_line: number;
  end_line: number;
  signature: string;
}

/** An outline as it is shown. */
export interface ShownOutline extends Omit<FileOutline, 'symbols' | 'passed_on'> {
  /** What is declared and what is passed on, in the order of the text. */
  outline: OutlineLine[];
  /** How many levels are shown, and how many lines lie deeper. */
  levels: number;
  deeper: number;
}

/** More lines than this cost an agent more than they tell: the outer levels alone are shown then. */
const MOST_LINES = 250;
/** Fewer tell nothing: a namespace around everything, say. */
const FEWEST_LINES = 5;

/**
 * What of an outline has a line of its own: a statement that declares several names is shown once,
 * and what is only required from elsewhere is told by the imports.
 * @param depth how many levels; as many as are not too long when it is not said
 */
export function toShownOutline(outline: FileOutline, depth: number | undefined): ShownOutline {
  const lines = outline.symbols.filter(
    (symbol, at) => !isRequired(symbol) && !isSame(symbol, outline.symbols[at - 1]),
  );
  const down = (to: number) => lines.filter((line) => line.depth < to);
  let levels = depth ?? lines.reduce((most, line) => Math.max(most, line.depth + 1), 1);
  if (depth === undefined) {
    while (down(levels).length > MOST_LINES && down(levels - 1).length >= FEWEST_LINES) levels--;
  }
  const { symbols: _, passed_on, ...file } = outline;
  const declared = down(levels);
  return {
    ...file,
    outline: merge(declared, passed_on.map(toLine)),
    levels,
    deeper: lines.length - declared.length,
  };
}

/** What is passed on stands where it stands in the text, and never within a declaration. */
function merge(declared: readonly OutlineLine[], passedOn: OutlineLine[]): OutlineLine[] {
  const merged: OutlineLine[] = [];
  for (const line of declared) {
    while (line.depth === 0 && (passedOn[0]?.start_line ?? Infinity) < line.start_line) {
      merged.push(...passedOn.splice(0, 1));
    }
    merged.push(line);
  }
  return [...merged, ...passedOn];
}

function toLine({ line, names, from }: FileOutline['passed_on'][number]): OutlineLine {
  const all = names.map(({ name, alias }) => (alias === null ? name : `${name} as ${alias}`));
  const isAll = names.length === 1 && names[0]?.name === '*';
  const written = isAll ? all.join('') : `{ ${all.join(', ')} }`;
  return {
    depth: 0,
    start_line: line,
    end_line: line,
    signature: `export ${written} from ${from}`,
  };
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
