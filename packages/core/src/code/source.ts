import { readFileSync, realpathSync, statSync } from 'node:fs';
import type { SymbolSource } from '@codepakt/contract';
import { CodepaktError } from '@codepakt/contract/light';
import type { Connection } from './connection.ts';
import { findSymbols, symbolsNamed } from './find-symbols.ts';
import { hashOf } from './hash-of.ts';
import { pathInside } from './path-inside.ts';
import { isIndexed, requireFile } from './require-file.ts';
import { rowsOfFile } from './row-ids.ts';
import { SYMBOL_COLUMNS, SYMBOLS_WITH_FILES, type SymbolRow } from './symbol-row.ts';

const OTHERS = 10;
/** More than any file that is indexed. */
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * The text of just one symbol, named (`close`, `Project.close`) or by a place in it
 * (`src/project.ts:98`). No text is answered when the file is not what was indexed.
 * @throws CodepaktError `symbol_not_found`, `file_not_found`
 */
export function source(connection: Connection, root: string, of: string): SymbolSource {
  const found = symbolsAt(connection, of) ?? overloadsNamed(connection, of);
  if (found === undefined) throw unknownSymbol(connection, root, of);
  const { symbol, end_line, others } = found;
  const { name, kind, parent, file, start_line } = symbol;
  const text = textOf(root, requireFile(connection, file));
  return {
    name,
    kind,
    parent,
    file,
    start_line,
    end_line,
    text: text === undefined ? null : linesOf(text, start_line, end_line),
    stale: text === undefined,
    others: others.map((other) => ({ file: other.file, line: other.line })),
  };
}

interface Found {
  symbol: SymbolRow;
  end_line: number;
  others: SymbolRow[];
}

/** As far below each other as overloads with long comments are. */
const OVERLOADS_APART = 30;
const MOST_OVERLOADS = 50;

/** The best symbol of a name; of a function with overloads, all of them down to its body. */
function overloadsNamed(connection: Connection, name: string): Found | undefined {
  const [symbol, ...others] = symbolsNamed(connection, name, OTHERS);
  if (symbol === undefined) return undefined;
  const ids = new Set([symbol.id]);
  let { end_line } = symbol;
  for (const next of overloadsBelow(connection, symbol)) {
    if (next.start_line > end_line + OVERLOADS_APART) break;
    ids.add(next.id);
    end_line = Math.max(end_line, next.end_line);
  }
  return { symbol, end_line, others: others.filter(({ id }) => !ids.has(id)) };
}

type Overload = Pick<SymbolRow, 'id' | 'start_line' | 'end_line'>;

/** What follows a symbol in its file under the same name, with nothing else declared in between. */
function overloadsBelow(connection: Connection, symbol: SymbolRow): Overload[] {
  const { id, name, kind, parent, file } = symbol;
  if (kind !== 'function' && kind !== 'method' && kind !== 'constructor') return [];
  const [, last] = rowsOfFile(requireFile(connection, file).id);
  const below = connection.all<SymbolRow>(
    `SELECT id, name, kind, parent, start_line, end_line FROM symbols
     WHERE id > ? AND id <= ? ORDER BY id LIMIT ${MOST_OVERLOADS}`,
    id,
    last,
  );
  const end = below.findIndex(
    (row) => row.name !== name || row.kind !== kind || row.parent !== parent,
  );
  return end < 0 ? below : below.slice(0, end);
}

/** The innermost symbol around a line of a file; undefined when `of` is no such place. */
function symbolsAt(connection: Connection, of: string): Found | undefined {
  const [, path, line] = /^(.+):(\d{1,9})(?::\d+)?$/.exec(of) ?? [];
  if (path === undefined) return undefined;
  const file = requireFile(connection, path);
  const symbol = connection.first<SymbolRow>(
    `SELECT ${SYMBOL_COLUMNS} FROM ${SYMBOLS_WITH_FILES}
     WHERE s.id BETWEEN ? AND ? AND ? BETWEEN s.start_line AND s.end_line
     ORDER BY s.end_line - s.start_line, s.id DESC LIMIT 1`,
    ...rowsOfFile(file.id),
    Number(line),
  );
  if (symbol !== undefined) return { symbol, end_line: symbol.end_line, others: [] };
  throw new CodepaktError('symbol_not_found', `no declaration is around line ${line} of ${path}`, {
    hint: `\`cpk code outline ${path}\` lists what is declared there.`,
  });
}

/** A file's text if it is still the one that was indexed. */
function textOf(root: string, { path, hash }: { path: string; hash: string }): string | undefined {
  let bytes: Buffer;
  try {
    const file = pathInside(realpathSync(root), path);
    // A link on the way could lead out of the project too.
    if (file === undefined || realpathSync(file) !== file) return undefined;
    // The daemon reads it too, and a pipe that took its place would never end.
    const stat = statSync(file);
    if (!stat.isFile() || stat.size > MOST_BYTES) return undefined;
    bytes = readFileSync(file);
  } catch {
    // It is gone, or may not be read.
    return undefined;
  }
  if (hashOf(bytes) !== hash) return undefined;
  return decode(bytes);
}

/** As the scanner reads it: UTF-16 where a byte order mark says so, else UTF-8. */
function decode(bytes: Buffer): string {
  const mark = bytes.subarray(0, 2).toString('latin1');
  if (mark === '\xff\xfe') return new TextDecoder('utf-16le').decode(bytes);
  if (mark === '\xfe\xff') return new TextDecoder('utf-16le').decode(Buffer.from(bytes).swap16());
  return new TextDecoder().decode(bytes);
}

/** Lines counted from one, both among them. */
function linesOf(text: string, first: number, last: number): string {
  return text
    .split('\n')
    .slice(first - 1, last)
    .join('\n');
}

function unknownSymbol(connection: Connection, root: string, of: string): CodepaktError {
  if (isIndexed(connection, of)) {
    return new CodepaktError('symbol_not_found', `${of} is a file, not a symbol`, {
      hint: `\`cpk code outline ${of}\` lists what it declares; ${of}:LINE is what is declared there.`,
    });
  }
  const { items } = findSymbols(connection, root, { name: of, limit: 3 });
  const names = items.map(({ name, parent }) => (parent === null ? name : `${parent}.${name}`));
  const near = [...new Set(names)];
  return new CodepaktError('symbol_not_found', `nothing is declared as ${of}`, {
    hint:
      near.length === 0
        ? '`cpk code search` looks in names, signatures and docs.'
        : `Did you mean ${near.join(' or ')}?`,
  });
}
