import type { OrphanFiles, OrphansQuery } from '@codepakt/contract';
import type { Connection } from './connection.ts';
import { staleAmong } from './stale-files.ts';

const LIMIT = 100;

/** Files that no other file imports: entry points, and what nothing uses any more. */
export function orphans(
  connection: Connection,
  root: string,
  { tests = false, limit = LIMIT }: OrphansQuery,
): OrphanFiles {
  const found = connection.all<{ path: string }>(
    `SELECT p.path FROM files f JOIN paths p ON p.id = f.id
     WHERE NOT EXISTS (
         SELECT 1 FROM import_targets t WHERE t.target = f.id AND t.import_id >> 21 <> f.id)
       AND NOT EXISTS (
         SELECT 1 FROM import_targets t WHERE t.target = f.package)
       AND f.is_test <= ?
     ORDER BY f.is_test, p.path`,
    Number(tests),
  );
  const items = found.slice(0, limit).map(({ path }) => path);
  return { total: found.length, items, stale: staleAmong(connection, root, items) };
}
