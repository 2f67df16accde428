import { type FileRecord, IMPORT_KINDS, SYMBOL_KINDS } from '@codepakt/contract';
import Sqlite from 'better-sqlite3';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { dumpIndex, dumpWord } from '../testing/dump-index.ts';
import {
  changesTo,
  type StatedTree,
  temporaryIndex,
  toRecord,
} from '../testing/temporary-index.ts';
import type { IndexWriter } from './index-writer.ts';
import { openBoardIndex } from './open-index-to-write.ts';

const WORDS = ['open', 'close', 'user', 'service', 'read'];
const PATHS = ['a.ts', 'b.ts', 'c.ts', 'lib/d.ts', 'lib/e.test.ts', 'lib/f.ts'];

const name = fc
  .array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 })
  .map(([first = '', ...rest]) =>
    [first, ...rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join(''),
  );

const file = fc.record({
  names: fc.array(name, { maxLength: 6 }),
  doc: fc.constantFrom(...WORDS, undefined),
  package: fc.constantFrom('lib/', 'other/', undefined),
  imported: fc.uniqueArray(fc.constantFrom(...PATHS, 'data.json', 'lib/', 'gone/'), {
    maxLength: 4,
  }),
});

/** What a file holds follows from its text; where its imports lead follows from the whole tree. */
const tree = fc.dictionary(fc.constantFrom(...PATHS), file).map((files): StatedTree => {
  const paths = new Set([...Object.keys(files), 'data.json', 'lib/']);
  return Object.fromEntries(
    Object.entries(files).map(([path, { names, doc, imported, ...rest }]) => {
      const stated = {
        ...rest,
        text: JSON.stringify([names, doc, imported, rest]),
        symbols: names.map((symbol) => ({ name: symbol, doc: doc ?? null })),
        imports: imported.map((target) => ({
          specifier: target,
          resolved: paths.has(target) ? [target] : [],
        })),
      };
      return [path, stated];
    }),
  );
});

test('after any changes the index is what it would be if it were made anew', {
  timeout: 60_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(tree, { minLength: 2, maxLength: 6 }), async (trees) => {
      using changed = await temporaryIndex();
      for (const state of trees) {
        const records = Object.entries(state).map(([path, stated]) => toRecord(path, stated));
        store(changed.writer, records);
        using fresh = await temporaryIndex();
        store(fresh.writer, records);
        expect(dumpIndex(changed.file)).toEqual(dumpIndex(fresh.file));
        for (const word of WORDS) {
          expect(dumpWord(changed.file, word)).toEqual(dumpWord(fresh.file, word));
        }
        expect(integrityOf(changed.file)).toBe('ok');
      }
    }),
    { numRuns: 25 },
  );
});

test('a change of one file in many is stored without writing the others anew', async () => {
  using index = await temporaryIndex();
  const many = (text: string) =>
    Object.fromEntries(
      Array.from({ length: 40 }, (_, number) => [
        `f${number}.ts`,
        { text: number === 7 ? text : 'same', symbols: [{ name: `f${number}` }] },
      ]),
    );
  index.scan(many('before'));
  const before = symbolIds(index.file);
  index.scan({ ...many('after'), 'f7.ts': { text: 'after', symbols: [{ name: 'other' }] } });
  const after = symbolIds(index.file);
  expect(after.filter(([id]) => !before.some(([other]) => other === id))).toEqual([]);
  expect(after.map(([, symbol]) => symbol)).toContain('other');
  expect(dumpWord(index.file, 'f7')).toEqual([]);
});

test('a scan that another one overtook changes nothing', async () => {
  using index = await temporaryIndex();
  using other = await openBoardIndex(index.file);
  using late = other.begin();
  index.scan({ 'a.ts': { symbols: [{ name: 'first' }] } });
  const before = dumpIndex(index.file);
  expect(late.store(changesTo([], late), { began: 0 })).toBeUndefined();
  const second = toRecord('b.ts', { symbols: [{ name: 'second' }] });
  expect(late.store(changesTo([second], late), { began: 0 })).toBeUndefined();
  expect(dumpIndex(index.file)).toEqual(before);
});

test('a scan is told in an event, once, and one that finds nothing new is not', async () => {
  using index = await temporaryIndex();
  const events = () => {
    const sqlite = new Sqlite(index.file, { readonly: true });
    const rows = sqlite
      .prepare<[], { agent: string; detail: string }>(
        "SELECT agent, detail FROM events WHERE action = 'scan_completed'",
      )
      .all();
    sqlite.close();
    return rows.map(({ agent, detail }) => [agent, JSON.parse(detail)]);
  };
  const record = toRecord('a.ts', { symbols: [{ name: 'f' }] });
  store(index.writer, [record], 'ada');
  const detail = { files: 1, parsed: 1, removed: 0, symbols: 1, imports: 0 };
  expect(events()).toEqual([['ada', expect.objectContaining(detail)]]);
  using again = index.writer.begin();
  const nothing = { ...changesTo([record], again), touched: [] };
  const result = again.store(nothing, { began: performance.now() });
  expect(result).toMatchObject({ files: 1, parsed: 0, unchanged: 1 });
  expect(events()).toHaveLength(1);
});

test('every kind of symbol and import can be stored', async () => {
  using index = await temporaryIndex();
  index.scan({
    'a.ts': {
      symbols: SYMBOL_KINDS.map((kind) => ({ name: kind, kind })),
      imports: IMPORT_KINDS.map((kind) => ({ specifier: kind, kind })),
    },
  });
  const { symbols } = index.ask((asked) => asked.outline('a.ts'));
  expect(symbols.map(({ kind }) => kind)).toEqual([...SYMBOL_KINDS]);
  const { imports } = index.ask((asked) => asked.imports('a.ts'));
  expect(imports.map(({ kind }) => kind)).toEqual([...IMPORT_KINDS]);
});

test('when storing fails the old index stays, and the next scan goes well', async () => {
  using index = await temporaryIndex();
  index.scan({ 'a.ts': { text: 'old', symbols: [{ name: 'old' }] } });
  const before = dumpIndex(index.file);
  const record = toRecord('a.ts', { text: 'new', symbols: [{ name: 'new' }] });
  expect(() => store(index.writer, [{ ...record, hash: 'short' }])).toThrow(/CHECK constraint/);
  expect(dumpIndex(index.file)).toEqual(before);
  index.scan({ 'a.ts': { text: 'new', symbols: [{ name: 'new' }] } });
  expect(dumpWord(index.file, 'new')).toEqual(['a.ts#0']);
});

test.each(['symbols', 'imports', 'import_targets'])(
  'what is staged of %s is copied page by page and not row by row',
  async (table) => {
    using index = await temporaryIndex();
    const steps = explainCopy(index.file, table);
    // These take rows as they are; all other ways go by way of their columns.
    expect(steps.some((step) => step === 'RowCell' || step === 'RowData')).toBe(true);
  },
);

function store(writer: IndexWriter, records: FileRecord[], agent?: string): void {
  using update = writer.begin();
  const result = update.store(changesTo(records, update), { began: performance.now(), agent });
  expect(result).toMatchObject({ files: records.length });
}

function explainCopy(file: string, table: string): string[] {
  const sqlite = new Sqlite(file);
  sqlite.exec("ATTACH '' AS staged");
  const definitions = sqlite
    .prepare<[string], { sql: string }>(
      'SELECT sql FROM sqlite_schema WHERE tbl_name = ? AND sql IS NOT NULL',
    )
    .all(table);
  for (const { sql } of definitions) {
    sqlite.exec(sql.replace(/^CREATE (TABLE|INDEX) /, 'CREATE $1 staged.'));
  }
  const steps = sqlite
    .prepare<[], { opcode: string }>(
      `EXPLAIN INSERT INTO main.${table} SELECT * FROM staged.${table}`,
    )
    .all();
  sqlite.close();
  return steps.map(({ opcode }) => opcode);
}

function symbolIds(file: string): [id: number, name: string][] {
  const sqlite = new Sqlite(file, { readonly: true });
  const rows = sqlite
    .prepare<[], { id: number; name: string }>('SELECT id, name FROM symbols')
    .all();
  sqlite.close();
  return rows.map(({ id, name: symbol }) => [id, symbol]);
}

function integrityOf(file: string): unknown {
  const sqlite = new Sqlite(file);
  sqlite.exec("INSERT INTO symbols_fts (symbols_fts) VALUES ('integrity-check')");
  const answer = sqlite.pragma('integrity_check', { simple: true });
  sqlite.close();
  return answer;
}
