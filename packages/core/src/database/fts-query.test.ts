import Sqlite from 'better-sqlite3';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { ftsQuery } from './fts-query.ts';

test('quotes and operators are text', () => {
  expect(ftsQuery('title: "a" OR b*')).toBe('"title:" """a""" "OR" "b*"*');
});

test('text without a letter or digit is no query', () => {
  for (const text of ['', ' ', '"', '* ( ) :', '🎉', '-- ^', '\0'])
    expect(ftsQuery(text)).toBeNull();
});

const syntax = fc.constantFrom(
  '"',
  "'",
  '*',
  '(',
  ')',
  ':',
  '^',
  '+',
  '-',
  '{',
  '}',
  'NEAR',
  'AND',
  'OR',
  'NOT',
  'title',
  ' ',
  '\0',
  '🎉',
  'é',
  '日本',
  '\u0301',
  '\ud800',
  '`',
  ';',
  '%',
  '_',
  '\\',
  'a',
  '1',
);

test('no text at all is an error, and every text is found by itself', () => {
  const sqlite = new Sqlite(':memory:');
  sqlite.exec(
    `CREATE VIRTUAL TABLE texts USING fts5 (body, tokenize = 'unicode61 remove_diacritics 2')`,
  );
  const insert = sqlite.prepare('INSERT INTO texts (rowid, body) VALUES (1, ?)');
  const find = sqlite.prepare('SELECT rowid FROM texts WHERE texts MATCH ?').pluck();
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(syntax, { maxLength: 30 }).map((parts) => parts.join('')),
    fc.array(syntax, { maxLength: 250 }).map((parts) => parts.join(' ')),
  );
  fc.assert(
    fc.property(text, (q) => {
      const body = `x${q}`.replaceAll('\0', ' ').toWellFormed();
      insert.run(body);
      const match = ftsQuery(q);
      if (match !== null) find.all(match);
      expect(find.all(ftsQuery(body))).toEqual([1]);
      sqlite.exec('DELETE FROM texts');
    }),
    { numRuns: 500 },
  );
  sqlite.close();
});
