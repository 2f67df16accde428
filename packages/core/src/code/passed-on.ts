import type { ImportedName, ImportKind } from '@codepakt/contract';
import type { Connection } from './connection.ts';
import { readNames } from './imported-names.ts';
import { rowsOfFile } from './row-ids.ts';
import type { SymbolFilter } from './symbol-filter.ts';
import { SYMBOL_COLUMNS, SYMBOLS_WITH_FILES, type SymbolRow } from './symbol-row.ts';

/** A statement by which a file passes on what another one declares: `export { a as b } from './b'`. */
export interface PassedOn {
  kind: ImportKind;
  names: ImportedName[];
  /** The id of the other file's path. */
  target: number;
}

interface Row {
  kind: ImportKind;
  names: string;
  target: number;
}

/** Of types alone, what is imported and what is passed on is stored alike. */
const PASSES_ON = "i.kind IN ('reexport', 'type')";

export function passedOnBy(connection: Connection, file: number): PassedOn[] {
  return connection
    .all<Row>(
      `SELECT i.kind, i.names, t.target FROM imports i JOIN import_targets t ON t.import_id = i.id
       WHERE i.id BETWEEN ? AND ? AND ${PASSES_ON}`,
      ...rowsOfFile(file),
    )
    .map((row) => ({ ...row, names: readNames(row.names) }));
}

/** What is declared under another name than the one by which a file passes it on, or by none. */
export function symbolsPassedOnAs(
  connection: Connection,
  alias: string,
  { filter, limit }: { filter: SymbolFilter; limit: number },
): SymbolRow[] {
  const rows = connection.all<Row>(
    // All statements are gone through, but hardly any of their targets.
    `SELECT i.kind, i.names, t.target FROM imports i CROSS JOIN import_targets t
     WHERE ${PASSES_ON} AND instr(i.names, ?) > 0 AND t.import_id = i.id LIMIT ${MOST_STATEMENTS}`,
    JSON.stringify(alias),
  );
  const ids = rows.flatMap(({ names, target }) =>
    readNames(names)
      .filter((passed) => passed.alias === alias)
      .flatMap(({ name }) => declaredIn(connection, target, name)),
  );
  if (ids.length === 0) return [];
  return connection.all<SymbolRow>(
    `SELECT ${SYMBOL_COLUMNS} FROM ${SYMBOLS_WITH_FILES}
     WHERE s.id IN (SELECT value FROM json_each(?))${filter.sql}
     ORDER BY f.is_test, s.exported DESC, p.path, s.id LIMIT ?`,
    JSON.stringify(ids),
    ...filter.values,
    limit + 1,
  );
}

const MOST_STATEMENTS = 100;

/** The ids of the symbols that a name means in a file, there or in what it passes on itself. */
function declaredIn(
  connection: Connection,
  file: number,
  name: string,
  asked = new Set<string>(),
): number[] {
  const question = `${file}:${name}`;
  if (name === '*' || asked.has(question)) return [];
  asked.add(question);
  const own = connection.all<{ id: number }>(
    `SELECT id FROM symbols WHERE id BETWEEN ? AND ? AND parent IS NULL
     AND (name = ? OR (? = 'default' AND metadata ->> 'default' = 1))`,
    ...rowsOfFile(file),
    name,
    name,
  );
  if (own.length > 0) return own.map(({ id }) => id);
  return passedOnBy(connection, file).flatMap(({ names, target }) =>
    names.flatMap((passed) => {
      if (passed.name === '*' && passed.alias === null) {
        return name === 'default' ? [] : declaredIn(connection, target, name, asked);
      }
      if ((passed.alias ?? passed.name) !== name) return [];
      return declaredIn(connection, target, passed.name, asked);
    }),
  );
}
