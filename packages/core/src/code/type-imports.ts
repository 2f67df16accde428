import type { ImportKind, SymbolKind } from '@codepakt/contract';
import type { Connection } from './connection.ts';
import { readNames } from './imported-names.ts';
import { type PassedOn, passedOnBy } from './passed-on.ts';
import { fileOfRow, rowsOfFile } from './row-ids.ts';

/** What of one file another one brings in, by the ids of paths. */
export interface Edge {
  importer: number;
  target: number;
}

export interface ImportedTypes {
  /** Whether all that a file imports of another one are types, which vanish at run time. */
  areAll(edge: Edge): boolean;
  /** The line on which a file first imports something else of another one; undefined if it was not asked about. */
  lineOfOther(edge: Edge): number | undefined;
}

interface ImportRow extends Edge {
  kind: ImportKind;
  line: number;
  names: string;
}

/**
 * Which of these imports are of types alone, though the word `type` does not say
 * so: all that they name is an interface or a type where it is declared, also behind files that only
 * pass it on. Asked of the index, not stored in it: it would change with files other than the importer.
 */
export function findImportedTypes(connection: Connection, edges: readonly Edge[]): ImportedTypes {
  const declarations = readDeclarations(connection);
  const ofTypes = new Set<string>();
  const others = new Map<string, number>();
  for (const row of importsOf(connection, edges)) {
    const key = keyOf(row);
    if (others.has(key)) continue;
    const names = readNames(row.names);
    if (names.length > 0 && names.every(({ name }) => declarations.isType(row.target, name))) {
      ofTypes.add(key);
    } else {
      others.set(key, row.line);
    }
  }
  return {
    areAll: (edge) => ofTypes.has(keyOf(edge)) && !others.has(keyOf(edge)),
    lineOfOther: (edge) => others.get(keyOf(edge)),
  };
}

function keyOf({ importer, target }: Edge): string {
  return `${importer}>${target}`;
}

/** The imports of TypeScript files that do not say `type`, by line. */
function importsOf(connection: Connection, edges: readonly Edge[]): ImportRow[] {
  const wanted = new Set(edges.map(keyOf));
  const listed = (ids: number[]) => JSON.stringify([...new Set(ids)]);
  const rows = connection.all<Omit<ImportRow, 'importer'> & { id: number }>(
    // By the importer: what a file imports lies side by side, and who imports a file all over the table.
    `SELECT i.id, i.kind, i.line, i.names, t.target
     FROM json_each(?) importer CROSS JOIN files f CROSS JOIN import_targets t CROSS JOIN imports i
     WHERE f.id = importer.value AND f.language IN ('typescript', 'tsx')
       AND t.import_id BETWEEN f.id * 2097152 AND f.id * 2097152 + 2097151
       AND t.types = 0 AND +t.target IN (SELECT value FROM json_each(?)) AND i.id = t.import_id`,
    listed(edges.map(({ importer }) => importer)),
    listed(edges.map(({ target }) => target)),
  );
  return rows
    .map(({ id, ...row }) => ({ ...row, importer: fileOfRow(id) }))
    .filter((row) => wanted.has(keyOf(row)))
    .sort((a, b) => a.line - b.line);
}

interface Declarations {
  isType(file: number, name: string): boolean;
}

/** What names mean in files, looked up when it is asked for. */
function readDeclarations(connection: Connection): Declarations {
  const declared = new Map<number, Map<string, boolean>>();
  const passedOn = new Map<number, PassedOn[]>();

  /** What a file exports of its own, and whether it is only a type: a name that has a value too is none. */
  function declaredIn(file: number): Map<string, boolean> {
    const known = declared.get(file);
    if (known !== undefined) return known;
    const names = new Map<string, boolean>();
    for (const { name, kind } of connection.all<{ name: string; kind: SymbolKind }>(
      `SELECT name, kind FROM symbols
       WHERE id BETWEEN ? AND ? AND exported = 1 AND parent IS NULL`,
      ...rowsOfFile(file),
    )) {
      const isType = kind === 'interface' || kind === 'type';
      names.set(name, isType && names.get(name) !== false);
    }
    declared.set(file, names);
    return names;
  }

  function reexportsOf(file: number): PassedOn[] {
    const known = passedOn.get(file) ?? passedOnBy(connection, file);
    passedOn.set(file, known);
    return known;
  }

  function isType(file: number, name: string, asked: Set<string>): boolean {
    if (name === '*' || name === 'default') return false;
    const own = declaredIn(file).get(name);
    if (own !== undefined) return own;
    const question = `${file}:${name}`;
    if (asked.has(question)) return false;
    asked.add(question);
    return reexportsOf(file).some(({ kind, names, target }) =>
      names.some((passed) => {
        if (passed.name === '*' && passed.alias === null) return isType(target, name, asked);
        if ((passed.alias ?? passed.name) !== name) return false;
        return kind === 'type' || isType(target, passed.name, asked);
      }),
    );
  }

  return { isType: (file, name) => isType(file, name, new Set()) };
}
