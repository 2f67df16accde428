import type { ScanResult } from '@codepakt/contract';
import type { Connection } from './connection.ts';

export type IndexTotals = Pick<ScanResult, 'files' | 'symbols' | 'imports' | 'languages'>;

/** How much the index holds. */
export function indexTotals(connection: Connection): IndexTotals {
  const rows = connection.all<{ language: string } & Record<Counted, number>>(
    `SELECT language, count(*) AS files, sum(symbols) AS symbols, sum(imports) AS imports
     FROM files GROUP BY language ORDER BY files DESC, language`,
  );
  const sum = (of: Counted) => rows.reduce((total, row) => total + row[of], 0);
  return {
    files: sum('files'),
    symbols: sum('symbols'),
    imports: sum('imports'),
    languages: Object.fromEntries(rows.map(({ language, files }) => [language, files])),
  };
}

type Counted = 'files' | 'symbols' | 'imports';
