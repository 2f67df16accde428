import { expect, test } from 'vitest';
import { temporaryIndex } from '../testing/temporary-index.ts';

test('of relative imports only those are asked for that may mean a file of such a name', async () => {
  using index = await temporaryIndex();
  const specifiers = [
    './cat',
    '../lib/cat.js',
    './catalog',
    './bird',
    './lib/',
    '..',
    '.',
    './cat/..',
  ];
  const others = ['cat', '@/bird', '.relative.in.python', '#internal', './data/bird?raw'];
  const imports = [...specifiers, ...others].map((specifier) => ({ specifier }));
  index.scan({ 'a.ts': { imports } });
  using update = index.writer.begin();
  const asked = Array.from(update.known.imports(['cat']), ({ specifier }) => specifier);
  expect(asked).toEqual([
    ...['./cat', '../lib/cat.js', './catalog', './lib/', '..', '.', './cat/..'],
    ...['cat', '@/bird', '.relative.in.python', '#internal'],
  ]);
  expect([...update.known.imports()]).toHaveLength(imports.length);
});

test('one file is known with its imports and where they lead', async () => {
  using index = await temporaryIndex();
  index.scan({
    'a.ts': { imports: [{ specifier: './b', resolved: ['b.ts'] }, { specifier: 'fs' }] },
    'b.ts': { imports: [{ specifier: './a', resolved: ['a.ts'] }] },
  });
  using update = index.writer.begin();
  expect(update.known.file('a.ts')).toMatchObject({
    stamp: { path: 'a.ts', language: 'typescript' },
    imports: [
      { importer: 'a.ts', specifier: './b', resolved: ['b.ts'] },
      { importer: 'a.ts', specifier: 'fs', resolved: [] },
    ],
  });
  expect(update.known.file('c.ts')).toBeUndefined();
});
