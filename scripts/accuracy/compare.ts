import type { ImportRecord } from '../../packages/contract/src/index.ts';
import type { FileFacts, SymbolFacts } from './read-project.ts';

/** How many of the truth were found (`of` it), and how many of what was found were true. */
interface Ratio {
  right: number;
  found: number;
  truth: number;
}

export interface Comparison {
  symbols: Map<string, Ratio>;
  columns: Ratio;
  startLines: Ratio;
  facts: Ratio;
  exported: Ratio;
  imports: Ratio;
  resolved: Ratio;
  pairs: Ratio;
  unread: string[];
  misses: string[];
}

/** Compares what was found with a reference, file by file; a file that the reference can't read is left out. */
export function compare(found: readonly FileFacts[], reference: readonly FileFacts[]): Comparison {
  const comparison: Comparison = {
    symbols: new Map(),
    columns: ratio(),
    startLines: ratio(),
    facts: ratio(),
    exported: ratio(),
    imports: ratio(),
    resolved: ratio(),
    pairs: ratio(),
    unread: [],
    misses: [],
  };
  const byFile = new Map(found.map((file) => [file.file, file]));
  const packages = { found: packagesOf(found), truth: packagesOf(reference) };
  for (const truth of reference) {
    const file = byFile.get(truth.file);
    if (truth.error !== undefined || !file) {
      comparison.unread.push(`${truth.file}: ${truth.error ?? 'not read here'}`);
      continue;
    }
    compareSymbols(file, truth, comparison);
    compareImports(file, truth, comparison);
    if ((file.package ?? null) !== (truth.package ?? null)) {
      comparison.misses.push(`${file.file}: of ${file.package}, should be of ${truth.package}`);
    }
    comparePairs(file, truth, packages, comparison);
  }
  return comparison;
}

function compareSymbols(file: FileFacts, truth: FileFacts, to: Comparison): void {
  const key = (s: SymbolFacts): string =>
    `${s.kind} ${s.parent === null ? '' : `${s.parent}.`}${s.name} at ${s.line}-${s.end_line}`;
  const expected = groupBy(truth.symbols, key);
  for (const symbol of file.symbols) {
    const match = expected.get(key(symbol))?.shift();
    count(to.symbols, symbol.kind, 'found');
    if (!match) {
      to.misses.push(`${file.file}: found, not there: ${key(symbol)}`);
      continue;
    }
    count(to.symbols, symbol.kind, 'right');
    const check = (
      name: 'columns' | 'startLines' | 'facts' | 'exported',
      a: unknown,
      b: unknown,
    ): void => {
      if (b === null || b === undefined) return;
      to[name].found++;
      to[name].truth++;
      if (a === b) to[name].right++;
      else to.misses.push(`${file.file}: ${name} of ${key(symbol)}: ${a}, should be ${b}`);
    };
    check('columns', symbol.column, match.column);
    check('startLines', symbol.start_line, match.start_line);
    check('exported', symbol.exported, match.exported);
    for (const [fact, value] of Object.entries(match.metadata ?? {})) {
      const own = symbol.metadata[fact];
      check('facts', Array.isArray(own) ? own.length : own, value);
    }
  }
  for (const symbol of truth.symbols) count(to.symbols, symbol.kind, 'truth');
  for (const missed of [...expected.values()].flat()) {
    to.misses.push(`${file.file}: there, not found: ${key(missed)}`);
  }
}

function compareImports(file: FileFacts, truth: FileFacts, to: Comparison): void {
  const names = (each: ImportRecord): string =>
    each.names.map((n) => (n.alias === null ? n.name : `${n.name} as ${n.alias}`)).join(', ');
  const key = (each: ImportRecord): string =>
    `${each.kind === 'type' ? 'import' : each.kind} ${each.specifier} (${names(each)}) at ${each.line}`;
  const expected = groupBy(truth.imports, key);
  to.imports.found += file.imports.length;
  to.imports.truth += truth.imports.length;
  for (const each of file.imports) {
    const match = expected.get(key(each))?.shift();
    if (!match) {
      to.misses.push(`${file.file}: found, not there: ${key(each)}`);
      continue;
    }
    to.imports.right++;
    if (match.resolved.length === 0 && each.resolved.length === 0) continue;
    to.resolved.truth++;
    to.resolved.found++;
    if (match.resolved.join() === each.resolved.join()) to.resolved.right++;
    else {
      const [is, should] = [each.resolved.join(' '), match.resolved.join(' ')];
      to.misses.push(`${file.file}: ${key(each)} leads to [${is}], should be [${should}]`);
    }
  }
  for (const missed of [...expected.values()].flat()) {
    to.misses.push(`${file.file}: there, not found: ${key(missed)}`);
  }
}

/** The files that an import of a folder brings in. */
type Packages = Map<string, string[]>;

function packagesOf(files: readonly FileFacts[]): Packages {
  const packages: Packages = new Map();
  for (const file of files) {
    if (!file.package) continue;
    packages.set(file.package, [...(packages.get(file.package) ?? []), file.file]);
  }
  return packages;
}

function comparePairs(
  file: FileFacts,
  truth: FileFacts,
  packages: { found: Packages; truth: Packages },
  to: Comparison,
): void {
  const filesOf = (facts: FileFacts, of: Packages): Set<string> =>
    new Set(facts.imports.flatMap((each) => each.resolved).flatMap((path) => of.get(path) ?? path));
  const found = filesOf(file, packages.found);
  const expected = filesOf(truth, packages.truth);
  to.pairs.found += found.size;
  to.pairs.truth += expected.size;
  to.pairs.right += found.intersection(expected).size;
}

/** Prints one line a measure, and the misses below. */
export function report(name: string, comparison: Comparison, listMisses: number): void {
  const { symbols, unread, misses, ...measures } = comparison;
  const all = ratio();
  for (const each of symbols.values()) {
    all.right += each.right;
    all.found += each.found;
    all.truth += each.truth;
  }
  console.log(`\n${name}`);
  console.log(line('symbols', all));
  for (const [kind, each] of [...symbols].sort()) console.log(line(`  ${kind}`, each));
  for (const [measure, each] of Object.entries(measures)) console.log(line(measure, each));
  console.log(`files that the reference can't read: ${unread.length}`);
  for (const each of unread.slice(0, listMisses)) console.log(`  ${each}`);
  console.log(`misses: ${misses.length}`);
  for (const each of misses.slice(0, listMisses)) console.log(`  ${each}`);
}

function line(name: string, { right, found, truth }: Ratio): string {
  const percent = (part: number, whole: number): string =>
    whole === 0 ? '–'.padStart(9) : `${((100 * part) / whole).toFixed(3)}%`.padStart(9);
  const counts = `${truth} there, ${found} found, ${right} right`;
  return `${name.padEnd(16)} recall ${percent(right, truth)}  precision ${percent(right, found)}  ${counts}`;
}

function ratio(): Ratio {
  return { right: 0, found: 0, truth: 0 };
}

function count(counts: Map<string, Ratio>, kind: string, what: keyof Ratio): void {
  const entry = counts.get(kind) ?? ratio();
  entry[what]++;
  counts.set(kind, entry);
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}
