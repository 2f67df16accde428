import Sqlite from 'better-sqlite3';
import { describe, expect, test, vi } from 'vitest';
import { type TemporaryIndex, temporaryIndex } from '../testing/temporary-index.ts';
import type { OpenCodeIndex } from './open-index.ts';

/** Tables as small as the list of files: reading one takes a few milliseconds at most. */
const SMALL = ['files', 'paths', 'code_index', 'schema_version', 'f', 'p'];

/** What agents ask all day. None of it may read through the symbols or imports. */
const HOT: Record<string, (index: OpenCodeIndex) => unknown> = {
  'a name': (index) => index.symbols({ name: 'open' }),
  'a name in another, of a kind, in a folder': (index) =>
    index.symbols({ name: 'A.open', kind: ['method'], file: 'src', exported: true }),
  'the beginning of a name': (index) => index.symbols({ name: 'ope' }),
  'beginnings of words': (index) => index.symbols({ name: 'opFi', limit: 50 }),
  'letters of a name': (index) => index.symbols({ name: 'opfl', limit: 50 }),
  'the symbols of a file': (index) => index.symbols({ file: 'src/a.ts' }),
  'an outline': (index) => index.outline('src/a.ts'),
  'a source by name': (index) => index.source('A.open'),
  'a source by its place': (index) => index.source('src/a.ts:1'),
  imports: (index) => index.imports('src/b.ts'),
  dependents: (index) => index.dependents({ file: 'src/a.ts' }),
  'a search': (index) => index.search({ q: 'open file' }),
};

/** Questions about the whole graph read the edges once, and no symbol. */
const WHOLE: Record<string, (index: OpenCodeIndex) => unknown> = {
  'dependents of all distances': (index) =>
    index.dependents({ file: 'src/a.ts', transitive: true }),
  'a summary': (index) => index.summary(),
  cycles: (index) => index.cycles(),
  orphans: (index) => index.orphans(),
  'a path': (index) => index.path('src/b.ts', 'src/a.ts'),
};

describe('no table of rows is read through for', () => {
  test.each(Object.entries(HOT))('%s', async (_, ask) => {
    using index = await smallIndex();
    const plans = plansOf(index, ask);
    expect(plans).not.toEqual([]);
    expect(plans.filter((plan) => scansOf(plan).length > 0)).toEqual([]);
  });
});

describe('nothing but the edges is read through for', () => {
  test.each(Object.entries(WHOLE))('%s', async (_, ask) => {
    using index = await smallIndex();
    const plans = plansOf(index, ask);
    expect(plans).not.toEqual([]);
    expect(plans.flatMap(scansOf).filter((table) => table !== 'import_targets')).toEqual([]);
  });
});

test('a plan that reads a table through is seen', async () => {
  using index = await smallIndex();
  const scans = (sql: string) => scansOf(explain(index.file, sql));
  expect(scans('SELECT id FROM symbols WHERE signature = ?')).toEqual(['symbols']);
  expect(scans('SELECT id FROM symbols WHERE id > ?')).toEqual([]);
});

interface Plan {
  sql: string;
  steps: string[];
}

/** The tables that a plan reads through, row by row. */
function scansOf({ steps }: Plan): string[] {
  return steps.flatMap((step) => {
    const [, table = ''] = /^SCAN (\w+)(?! VIRTUAL TABLE)/.exec(step) ?? [];
    const isVirtual = step.includes('VIRTUAL TABLE');
    return table === '' || isVirtual || SMALL.includes(table) ? [] : [table];
  });
}

function plansOf(index: TemporaryIndex, ask: (index: OpenCodeIndex) => unknown): Plan[] {
  const prepare = vi.spyOn(Sqlite.prototype, 'prepare');
  try {
    index.ask(ask);
    const texts = prepare.mock.calls.map(([sql]) => sql);
    return texts.filter((sql) => /^\s*select/i.test(sql)).map((sql) => explain(index.file, sql));
  } finally {
    prepare.mockRestore();
  }
}

function explain(file: string, sql: string): Plan {
  const sqlite = new Sqlite(file, { readonly: true });
  const parameters = sql.replaceAll(/'[^']*'/g, '').split('?').length - 1;
  const rows = sqlite
    .prepare<null[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
    .all(...Array<null>(parameters).fill(null));
  sqlite.close();
  return { sql, steps: rows.map(({ detail }) => detail) };
}

/** An index in which every kind of question finds something. */
async function smallIndex(): Promise<TemporaryIndex> {
  const index = await temporaryIndex();
  index.scan({
    'src/a.ts': {
      text: 'one\n',
      symbols: [
        { name: 'A', kind: 'class' },
        { name: 'open', kind: 'method', parent: 'A' },
        { name: 'openFile', doc: 'Opens a file.' },
      ],
    },
    'src/b.ts': { imports: [{ specifier: './a.ts', resolved: ['src/a.ts'] }] },
  });
  return index;
}
