import type { Connection } from './connection.ts';

/**
 * Who imports what, whole, by the ids of paths. A folder that is imported (a package of Go) is a
 * stop on the way to the files in it and no step of its own.
 */
export interface ImportGraph {
  /** One more than the greatest id. */
  size: number;
  /** What a file imports: ids of files, other paths and folders; each once. */
  targets(file: number): Int32Array;
  /** The files that import a path; each once. */
  importers(target: number): Int32Array;
  /** The files that a folder brings in. */
  members(folder: number): readonly number[];
  /** The folder whose import brings a file in; 0 when there is none. */
  packageOf(file: number): number;
}

/**
 * @param options `types: false` leaves imports of types alone out, and all that declaration files
 * import: they vanish at run time.
 */
export function loadImportGraph(
  connection: Connection,
  options: { types: boolean } = { types: true },
): ImportGraph {
  // Two long texts cost a quarter of what a row object for each edge does.
  const columns = connection.first<{ importers: string; targets: string }>(
    `SELECT json_group_array(import_id >> 21) AS importers, json_group_array(target) AS targets
     FROM import_targets${options.types ? '' : AT_RUN_TIME}`,
  );
  const importers = JSON.parse(columns?.importers ?? '[]') as number[];
  const targets = JSON.parse(columns?.targets ?? '[]') as number[];
  const { size } = connection.first<{ size: number }>(
    'SELECT coalesce(max(id), 0) + 1 AS size FROM paths',
  ) ?? { size: 1 };
  const packages = loadPackages(connection, size);
  // Few questions need both directions.
  let forward: Groups | undefined;
  let backward: Groups | undefined;
  return {
    size,
    targets(file) {
      forward ??= groupBy(importers, targets, size);
      return forward(file);
    },
    importers(target) {
      backward ??= groupBy(targets, importers, size);
      return backward(target);
    },
    members: (folder) => packages.members.get(folder) ?? [],
    packageOf: (file) => packages.of[file] ?? 0,
  };
}

const AT_RUN_TIME = ` WHERE types = 0 AND import_id >> 21 NOT IN (
  SELECT id FROM paths WHERE path GLOB '*.d.ts' OR path GLOB '*.d.[cm]ts')`;

type Groups = (key: number) => Int32Array;

/** The values of each key, each once; all lie in one array, those of a key side by side. */
function groupBy(keys: readonly number[], values: readonly number[], size: number): Groups {
  const starts = new Int32Array(size + 1);
  for (let at = 0; at < keys.length; at++) add(starts, (keys[at] ?? 0) + 1, 1);
  for (let key = 0; key < size; key++) add(starts, key + 1, starts[key] ?? 0);
  const ends = starts.slice();
  const flat = new Int32Array(keys.length);
  for (let at = 0; at < keys.length; at++) {
    const key = keys[at] ?? 0;
    flat[ends[key] ?? 0] = values[at] ?? 0;
    add(ends, key, 1);
  }
  const lastKey = new Int32Array(size).fill(-1);
  for (let key = 0; key < size; key++) {
    let kept = starts[key] ?? 0;
    for (let at = kept; at < (ends[key] ?? 0); at++) {
      const value = flat[at] ?? 0;
      if (lastKey[value] === key) continue;
      lastKey[value] = key;
      flat[kept++] = value;
    }
    ends[key] = kept;
  }
  return (key) => flat.subarray(starts[key], ends[key]);
}

function add(array: Int32Array, index: number, value: number): void {
  array[index] = (array[index] ?? 0) + value;
}

function loadPackages(connection: Connection, size: number) {
  const of = new Int32Array(size);
  const members = new Map<number, number[]>();
  for (const { id, folder } of connection.all<{ id: number; folder: number }>(
    'SELECT id, package AS folder FROM files WHERE package IS NOT NULL',
  )) {
    of[id] = folder;
    const known = members.get(folder);
    if (known === undefined) members.set(folder, [id]);
    else known.push(id);
  }
  return { of, members };
}

/** The paths of these ids. */
export function pathsOf(connection: Connection, ids: Iterable<number>): Map<number, string> {
  const rows = connection.all<{ id: number; path: string }>(
    'SELECT p.id, p.path FROM json_each(?) wanted CROSS JOIN paths p WHERE p.id = wanted.value',
    JSON.stringify([...new Set(ids)]),
  );
  return new Map(rows.map(({ id, path }) => [id, path]));
}

/** The line on which a file first imports something of the targets; null when it does not. */
export function lineOfImport(
  connection: Connection,
  importer: number,
  targets: readonly number[],
  options: { types: boolean } = { types: true },
): number | null {
  const row = connection.first<{ line: number | null }>(
    `SELECT min(i.line) AS line
     FROM imports i JOIN import_targets t ON t.import_id = i.id
     WHERE i.id BETWEEN ? * 2097152 AND ? * 2097152 + 2097151
       AND t.target IN (SELECT value FROM json_each(?)) AND t.types <= ?`,
    importer,
    importer,
    JSON.stringify(targets),
    Number(options.types),
  );
  return row?.line ?? null;
}
