import type { FileRecord, SymbolRecord } from '@codepakt/contract';
import type { TrueFile, TrueImport, TrueSymbol, Truth } from './truth.ts';

/** How many are right, how many there should be, and how many were found. */
export interface Score {
  right: number;
  expected: number;
  found: number;
}

export interface Miss {
  what: string;
  file: string;
  /** `missing` is in the truth only, `extra` in the index only. */
  fault: 'missing' | 'extra' | 'wrong';
  detail: string;
}

export interface Comparison {
  /** By name of what is compared; symbols also by kind (`symbols: method`). */
  scores: Map<string, Score>;
  misses: Miss[];
}

/** Compares what the scanner yielded for the files with what their compiler says of them. */
export function compare(records: FileRecord[], truth: Truth): Comparison {
  const comparison: Comparison = { scores: new Map(), misses: [] };
  const byPath = new Map(records.map((record) => [record.path, record]));
  const packages = { found: packagesOf(records), expected: packagesOf(truth.files) };
  for (const file of truth.files) {
    const record = byPath.get(file.path);
    if (!record) continue;
    compareSymbols(comparison, file, record);
    compareImports(comparison, file, record, packages);
  }
  return comparison;
}

function compareSymbols(comparison: Comparison, file: TrueFile, record: FileRecord): void {
  const key = (symbol: TrueFile['symbols'][number]) =>
    `${symbol.kind} ${symbol.parent === null ? '' : `${symbol.parent}.`}${symbol.name} ${symbol.line}-${symbol.end_line}`;
  const matched = match(file.symbols, record.symbols, key);
  for (const [expected, found] of matched.pairs) {
    count(comparison, `symbols: ${expected.kind}`, 1, 1, 1);
    count(comparison, 'symbols', 1, 1, 1);
    const isRight = expected.exported === found.exported;
    count(comparison, 'exported flags', Number(isRight), 1, 1);
    if (!isRight) {
      const detail = `${key(expected)} is ${expected.exported ? '' : 'not '}exported`;
      comparison.misses.push({ what: 'exported', file: file.path, fault: 'wrong', detail });
    }
    compareFacts(comparison, file.path, key(expected), expected, found);
  }
  for (const symbol of matched.missing) {
    count(comparison, `symbols: ${symbol.kind}`, 0, 1, 0);
    count(comparison, 'symbols', 0, 1, 0);
    comparison.misses.push({
      what: 'symbol',
      file: file.path,
      fault: 'missing',
      detail: key(symbol),
    });
  }
  for (const symbol of matched.extra) {
    count(comparison, `symbols: ${symbol.kind}`, 0, 0, 1);
    count(comparison, 'symbols', 0, 0, 1);
    comparison.misses.push({
      what: 'symbol',
      file: file.path,
      fault: 'extra',
      detail: key(symbol),
    });
  }
}

/** Compares what only some compilers say of a symbol. */
function compareFacts(
  comparison: Comparison,
  file: string,
  symbol: string,
  expected: TrueSymbol,
  found: SymbolRecord,
): void {
  const check = (what: string, is: unknown, should: unknown): void => {
    if (should === undefined || should === null) return;
    count(comparison, what, Number(is === should), 1, 1);
    const detail = `${symbol}: ${is} instead of ${should}`;
    if (is !== should) comparison.misses.push({ what, file, fault: 'wrong', detail });
  };
  check('columns', found.column, expected.column);
  check('start lines', found.start_line, expected.start_line);
  for (const [fact, value] of Object.entries(expected.metadata ?? {})) {
    check(`metadata: ${fact}`, found.metadata[fact], value);
  }
}

/** The files that an import of a folder brings in. */
type Packages = Map<string, string[]>;

function packagesOf(files: { path: string; package?: string | null }[]): Packages {
  const packages: Packages = new Map();
  for (const { path, package: folder } of files) {
    if (folder) packages.set(folder, [...(packages.get(folder) ?? []), path]);
  }
  return packages;
}

function compareImports(
  comparison: Comparison,
  file: TrueFile,
  record: FileRecord,
  packages: { found: Packages; expected: Packages },
): void {
  const saysNames = file.imports.some((one) => one.names);
  const key = ({ kind, specifier, line, names }: Omit<TrueImport, 'resolved'>) =>
    `${line}: ${kind} ${specifier}${saysNames ? ` ${namesOf(names)}` : ''}`;
  const matched = match(file.imports, record.imports, key);
  count(comparison, 'imports', matched.pairs.length, file.imports.length, record.imports.length);
  for (const one of matched.missing) {
    comparison.misses.push({ what: 'import', file: file.path, fault: 'missing', detail: key(one) });
  }
  for (const one of matched.extra) {
    comparison.misses.push({ what: 'import', file: file.path, fault: 'extra', detail: key(one) });
  }
  const expectedPairs = new Set<string>();
  const foundPairs = new Set<string>();
  const untold = new Set<string>();
  for (const [expected, found] of matched.pairs) {
    if (expected.resolved === null) {
      count(comparison, 'targets nobody can tell', found.resolved.length > 0 ? 1 : 0, 1, 0);
      for (const target of found.resolved) untold.add(target);
      const detail = `${key(found)} -> ${found.resolved.join(', ') || 'nothing'}`;
      comparison.misses.push({ what: 'untold', file: file.path, fault: 'wrong', detail });
      continue;
    }
    const isRight = expected.resolved.join() === found.resolved.join();
    count(comparison, 'resolved targets', Number(isRight), 1, 1);
    if (!isRight) {
      const detail = `${key(found)} -> ${found.resolved.join(', ') || 'nothing'} instead of ${expected.resolved.join(', ') || 'nothing'}`;
      comparison.misses.push({ what: 'target', file: file.path, fault: 'wrong', detail });
    }
  }
  const filesOf = (targets: string[], of: Packages) =>
    targets.flatMap((path) => of.get(path) ?? path);
  for (const one of file.imports)
    for (const target of filesOf(one.resolved ?? [], packages.expected)) expectedPairs.add(target);
  for (const one of record.imports)
    for (const target of filesOf(one.resolved, packages.found)) foundPairs.add(target);
  for (const target of untold) if (!expectedPairs.has(target)) foundPairs.delete(target);
  const right = [...expectedPairs].filter((target) => foundPairs.has(target)).length;
  count(comparison, 'file pairs', right, expectedPairs.size, foundPairs.size);
}

function namesOf(names: TrueImport['names'] = []): string {
  return names.map(({ name, alias }) => (alias === null ? name : `${name} as ${alias}`)).join(', ');
}

function match<T, F>(
  expected: T[],
  found: F[],
  key: (one: T | F) => string,
): { pairs: [T, F][]; missing: T[]; extra: F[] } {
  const left = new Map<string, F[]>();
  for (const one of found) {
    const same = left.get(key(one));
    if (same) same.push(one);
    else left.set(key(one), [one]);
  }
  const pairs: [T, F][] = [];
  const missing: T[] = [];
  for (const one of expected) {
    const other = left.get(key(one))?.shift();
    if (other) pairs.push([one, other]);
    else missing.push(one);
  }
  return { pairs, missing, extra: [...left.values()].flat() };
}

function count(
  { scores }: Comparison,
  what: string,
  right: number,
  expected: number,
  found: number,
): void {
  const score = scores.get(what) ?? { right: 0, expected: 0, found: 0 };
  score.right += right;
  score.expected += expected;
  score.found += found;
  scores.set(what, score);
}
