import type { SymbolQuery } from '@codepakt/contract';
import type { Value } from './connection.ts';

/** Conditions on `s` (symbol) and `p` (path), each with AND before it, and their values in order. */
export interface SymbolFilter {
  sql: string;
  values: Value[];
}

/** What a query asks of symbols beyond their name; `parent` is what stands before the dot in `Project.close`. */
export function symbolFilter(query: SymbolQuery, parent?: string): SymbolFilter {
  const conditions: SymbolFilter[] = [];
  const { kind, exported, file } = query;
  if (kind !== undefined) {
    const sql = 's.kind IN (SELECT value FROM json_each(?))';
    conditions.push({ sql, values: [JSON.stringify(kind)] });
  }
  if (exported !== undefined)
    conditions.push({ sql: 's.exported = ?', values: [Number(exported)] });
  if (file !== undefined && file !== '.') conditions.push(inFile(file));
  if (parent !== undefined) {
    const sql = "(s.parent = ? COLLATE NOCASE OR s.parent LIKE '%.' || ?)";
    conditions.push({ sql, values: [parent, parent] });
  }
  return {
    sql: conditions.map(({ sql }) => ` AND ${sql}`).join(''),
    values: conditions.flatMap(({ values }) => values),
  };
}

/**
 * What a query asks of symbols of a module (`click.core`): a folder, a file without its ending, or
 * Go's package at the top, whose name is only written in the files.
 */
export function moduleFilter(query: SymbolQuery, module: string): SymbolFilter {
  const { sql, values } = symbolFilter(query);
  const path = module.replaceAll('.', '/');
  return {
    sql: `${sql} AND s.parent IS NULL AND ('/' || p.path LIKE ? OR '/' || p.path LIKE ?
      OR (f.language = 'go' AND p.path NOT LIKE '%/%'))`,
    values: [...values, `%/${path}/%`, `%/${path}.%`],
  };
}

/** In this very file, or in any below this folder. */
function inFile(file: string): SymbolFilter {
  const folder = file.endsWith('/') ? file : `${file}/`;
  // The sign after a slash ends what begins with it.
  return {
    sql: '(p.path = ? OR (p.path > ? AND p.path < ?))',
    values: [file, folder, `${folder.slice(0, -1)}0`],
  };
}
