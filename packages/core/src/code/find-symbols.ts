import type { SymbolHits, SymbolQuery } from '@codepakt/contract';
import type { Connection } from './connection.ts';
import { IS_VENDORED, isVendored } from './is-vendored.ts';
import { listSymbols } from './list-symbols.ts';
import { symbolsPassedOnAs } from './passed-on.ts';
import { requirePlace } from './require-file.ts';
import { moduleFilter, type SymbolFilter, symbolFilter } from './symbol-filter.ts';
import { matchLetters, matchWords } from './symbol-match.ts';
import {
  SYMBOL_COLUMNS,
  SYMBOLS_WITH_FILES,
  type SymbolRow,
  symbolsById,
  toHits,
} from './symbol-row.ts';
import { lettersOf, wordsOf } from './symbol-words.ts';

/** A name that exists is what was meant: few that begin so are shown besides. */
const WITH_EXACT = 5;
const LIMIT = 20;

/** A beginning of a word that so many names have says too little to look at them all. */
const CANDIDATES = 5_000;

/**
 * Where is it: symbols of exactly this name, then those that begin so, then those whose words
 * begin so (`usSer` finds `UserService`), and when there is none of these, those that have its
 * letters in this order (`usrSvc`), or else those that a file passes on under this name. Those
 * outside of tests come first, and among them the exported ones.
 * @throws CodepaktError `file_not_found` when the file or folder to look in is not in the index
 */
export function findSymbols(connection: Connection, root: string, query: SymbolQuery): SymbolHits {
  const hits =
    query.name === undefined
      ? listSymbols(connection, root, query)
      : findNamed(connection, root, query, query.name);
  if (hits.items.length === 0 && query.file) requirePlace(connection, query.file);
  return hits;
}

function findNamed(
  connection: Connection,
  root: string,
  query: SymbolQuery,
  name: string,
): SymbolHits {
  const wanted = toWanted(name, query);
  const exact = exactly(connection, wanted, query.limit ?? LIMIT);
  const limit =
    query.limit ?? (exact.length === 0 ? LIMIT : Math.max(asGoodAsFirst(exact), WITH_EXACT));
  const found = new Map(exact.map((row) => [row.id, row]));
  const isFound = exact.length > 0 && query.limit === undefined;
  for (const look of isFound ? [beginning] : [beginning, byWords, byLetters, passedOn]) {
    const isLast = look === byLetters || look === passedOn;
    if (found.size > limit || (isLast && found.size > 0)) break;
    for (const row of look(connection, wanted, limit)) found.set(row.id, row);
  }
  // Nothing of the sort is in there: then what bears the name elsewhere.
  if (found.size === 0 && wanted.name !== name) {
    for (const row of exactly(connection, toWanted(wanted.name, query), limit)) {
      found.set(row.id, row);
    }
  }
  const rows = [...found.values()];
  return { items: toHits(connection, root, rows.slice(0, limit)), more: rows.length > limit };
}

/** How many are written as the first one is, and can be had as it can; the others are chance. */
function asGoodAsFirst(rows: readonly SymbolRow[]): number {
  const [first] = rows;
  const isWorse = (row: SymbolRow) => row.name !== first?.name || row.exported < first.exported;
  const isOwn = first !== undefined && !isVendored(first.file);
  const end = rows.findIndex(
    (row) => isWorse(row) || row.is_test !== first?.is_test || (isOwn && isVendored(row.file)),
  );
  return end < 0 ? rows.length : end;
}

/** Symbols of exactly this name (`close`, or `Project.close`), the best first. */
export function symbolsNamed(connection: Connection, name: string, limit: number): SymbolRow[] {
  const wanted = toWanted(name, {});
  const rows = exactly(connection, wanted, limit);
  return rows.length > 0 ? rows : passedOn(connection, wanted, limit);
}

interface Wanted {
  name: string;
  filter: SymbolFilter;
  /** For what is in no other symbol: `gin.Context` is in the package, `core.Command` in the file. */
  module: SymbolFilter | undefined;
}

/** `Project.close` is `close` in `Project`, and so Go's `(*Project).Close`. */
function toWanted(text: string, query: SymbolQuery): Wanted {
  const plain = text.replace(/^\(\*?([^()]+)\)/, '$1');
  const [, parent, name] = /^(.+?)(?:\.|::|#)(#?[^.#:]+)$/.exec(plain) ?? [];
  return {
    name: name ?? plain,
    filter: symbolFilter(query, parent),
    module: parent === undefined ? undefined : moduleFilter(query, parent),
  };
}

/** At most one row more than the limit, which tells that there are more; so do all of these. */
function exactly(connection: Connection, wanted: Wanted, limit: number): SymbolRow[] {
  const { name, module } = wanted;
  const look = (filter: SymbolFilter) =>
    connection.all<SymbolRow>(
      `WITH close AS (
         SELECT s.id, s.name <> ? AS is_other, ${IS_VENDORED} AS is_vendored,
           s.parent IS NOT NULL AS is_inner,
           p.path GLOB '*.d.ts' OR p.path GLOB '*.d.[cm]ts'
             OR s.signature GLOB '*= require(*' AS is_echo
         FROM ${SYMBOLS_WITH_FILES}
         WHERE s.name = ? COLLATE NOCASE${filter.sql}
         ORDER BY is_other, f.is_test, is_vendored, s.exported DESC, is_inner, is_echo, s.id
         LIMIT ?)
       SELECT ${SYMBOL_COLUMNS} FROM close CROSS JOIN ${SYMBOLS_WITH_FILES} WHERE s.id = close.id
       ORDER BY is_other, f.is_test, is_vendored, s.exported DESC, is_inner, is_echo,
         ${IMPORTERS} DESC, p.path, s.id LIMIT ?`,
      name,
      name,
      ...filter.values,
      Math.max(limit + 1, WEIGHED),
      limit + 1,
    );
  const found = look(wanted.filter);
  return found.length > 0 || module === undefined ? found : look(module);
}

/**
 * Of several by one name the one that most files can mean comes first: outside of tests, the
 * project's own, exported, where it is written and neither only declared nor required, and in the
 * file that the most others import. To count those takes time, so it is done for the first ones of a
 * name that is everywhere.
 */
const IMPORTERS = '(SELECT count(*) FROM import_targets t WHERE t.target IN (f.id, f.package))';
const WEIGHED = 100;

/** Under a name by which another file passes it on. */
function passedOn(connection: Connection, { name, filter }: Wanted, limit: number): SymbolRow[] {
  return symbolsPassedOnAs(connection, name, { filter, limit });
}

function beginning(connection: Connection, { name, filter }: Wanted, limit: number): SymbolRow[] {
  return connection.all(
    `SELECT ${SYMBOL_COLUMNS} FROM ${SYMBOLS_WITH_FILES}
     WHERE s.name COLLATE NOCASE > ? AND s.name COLLATE NOCASE < ?${filter.sql}
     ORDER BY f.is_test, s.exported DESC, length(s.name), s.name, p.path, s.id LIMIT ?`,
    name,
    `${name}\u{10ffff}`,
    ...filter.values,
    limit + 1,
  );
}

interface Candidate {
  id: number;
  name: string;
  exported: number;
  is_test: number;
}

function byWords(connection: Connection, { name, filter }: Wanted, limit: number): SymbolRow[] {
  const parts = wordsOf(name).map((part) => part.toLowerCase());
  if (parts.length === 0) return [];
  const candidates = connection.all<Candidate>(
    `SELECT s.id, s.name, s.exported, f.is_test
     FROM symbols_fts CROSS JOIN ${SYMBOLS_WITH_FILES}
     WHERE symbols_fts MATCH ? AND s.id = symbols_fts.rowid${filter.sql} LIMIT ${CANDIDATES}`,
    parts.map((part) => `name : "${part}" *`).join(' '),
    ...filter.values,
  );
  return best(connection, candidates, (candidate) => matchWords(candidate.name, parts), limit);
}

function byLetters(connection: Connection, { name, filter }: Wanted, limit: number): SymbolRow[] {
  const letters = lettersOf(name.toLowerCase());
  if (letters === '') return [];
  const pattern = [...letters].join('%');
  const look = (where: string, ...values: string[]) =>
    best(
      connection,
      connection.all<Candidate>(
        `SELECT s.id, s.name, s.exported, f.is_test FROM ${SYMBOLS_WITH_FILES}
         WHERE ${where}${filter.sql} LIMIT ${CANDIDATES}`,
        ...values,
        ...filter.values,
      ),
      (candidate) => matchLetters(candidate.name, letters),
      limit,
    );
  const [first = ''] = letters;
  const found = look(
    's.name COLLATE NOCASE >= ? AND s.name COLLATE NOCASE < ? AND s.name LIKE ?',
    first,
    `${first}\u{10ffff}`,
    `${pattern}%`,
  );
  // All names are gone through only when none that begins so has the letters.
  return found.length > 0 ? found : look('s.name LIKE ?', `%${pattern}%`);
}

/** The rows of the candidates that match, the closest first. */
function best(
  connection: Connection,
  candidates: readonly Candidate[],
  match: (candidate: Candidate) => number | undefined,
  limit: number,
): SymbolRow[] {
  const ranked = candidates.flatMap((candidate) => {
    const distance = match(candidate);
    return distance === undefined ? [] : [{ ...candidate, distance }];
  });
  ranked.sort(
    (a, b) =>
      a.distance - b.distance ||
      a.is_test - b.is_test ||
      b.exported - a.exported ||
      a.name.length - b.name.length ||
      a.id - b.id,
  );
  return symbolsById(
    connection,
    ranked.slice(0, limit + 1).map(({ id }) => id),
  );
}
