import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDoc } from '../docs/create-doc.ts';
import { searchDocs } from '../docs/search-docs.ts';
import { temporaryContext } from '../testing/temporary-context.ts';
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

test('no text at all is an error, and every doc is found by its own title', () => {
  using ctx = temporaryContext();
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.array(syntax, { maxLength: 30 }).map((parts) => parts.join('')),
    fc.array(syntax, { maxLength: 250 }).map((parts) => parts.join(' ')),
  );
  fc.assert(
    fc.property(text, (q) => {
      const title = `x${[...q].slice(0, 150).join('')}`.replaceAll('\0', '').toWellFormed();
      ctx.db.transaction(() => {
        const doc = createDoc(ctx, { type: 'learning', title, body: '' }, {});
        searchDocs(ctx, { q });
        expect(searchDocs(ctx, { q: title, limit: 50 }).items.map(({ id }) => id)).toContain(
          doc.id,
        );
        ctx.db.exec('DELETE FROM docs');
      });
    }),
    { numRuns: 500 },
  );
});
