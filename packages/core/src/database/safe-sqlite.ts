import { CodepaktError } from '@codepakt/contract/light';

/** Before 3.51.3 two connections could damage a database at a WAL checkpoint (sqlite.org/wal.html). */
const SAFE_SQLITE = [3, 51, 3] as const;
const PATCHED_SQLITE = ['3.50.7', '3.44.6'];

/** @throws CodepaktError `database_unsafe` for a version of SQLite that can damage a database */
export function requireSafeSqlite(version = '0'): void {
  if (isSafeSqlite(version)) return;
  throw new CodepaktError(
    'database_unsafe',
    `SQLite ${version} can damage a database at WAL checkpoints`,
    { hint: `codepakt needs SQLite ${SAFE_SQLITE.join('.')} or newer: reinstall codepakt.` },
  );
}

/** Whether a version of SQLite is free of the defect at WAL checkpoints. */
export function isSafeSqlite(version: string): boolean {
  if (PATCHED_SQLITE.includes(version)) return true;
  const parts = version.split('.').map(Number);
  for (const [index, least] of SAFE_SQLITE.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}
