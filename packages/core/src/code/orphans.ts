import type { OrphanFiles, OrphansQuery } from '@codepakt/contract';
import type { Connection } from './connection.ts';
import { staleAmong } from './stale-files.ts';
import { startedFiles } from './started-files.ts';

const LIMIT = 100;

/**
 * Files that no other file imports and that nothing else is known to start: what may not be used any
 * more. Those that something starts are counted.
 */
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
  const isStarted = startedFiles(connection, root);
  const unused = found.filter(({ path }) => !isStarted(path));
  const items = unused.slice(0, limit).map(({ path }) => path);
  return {
    total: unused.length,
    items,
    entry_points: found.length - unused.length,
    stale: staleAmong(connection, root, items),
  };
}
