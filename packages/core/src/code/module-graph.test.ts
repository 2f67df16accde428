import { expect, test } from 'vitest';
import { temporaryIndex } from '../testing/temporary-index.ts';

const from = (...resolved: string[]) =>
  resolved.map((path) => ({ specifier: path, resolved: [path] }));

test('folders that import each other are cyclic, others are not', async () => {
  using index = await temporaryIndex();
  index.scan({
    'src/app/main.ts': { imports: from('src/board/board.ts', 'src/board/card.ts') },
    'src/app/page.ts': { imports: from('src/app/main.ts', 'src/board/card.ts') },
    'src/board/board.ts': { imports: from('src/board/card.ts', 'src/lib/time.ts') },
    'src/board/card.ts': {},
    'src/lib/time.ts': { imports: from('src/board/card.ts') },
  });
  const { folders, edges } = index.ask((asked) => asked.modules());
  expect(folders.map(({ folder, files }) => [folder, files])).toEqual([
    ['src/app/', 2],
    ['src/board/', 2],
    ['src/lib/', 1],
  ]);
  expect(edges).toEqual([
    { from: 'src/app/', to: 'src/board/', count: 2, is_cyclic: false },
    { from: 'src/board/', to: 'src/lib/', count: 1, is_cyclic: true },
    { from: 'src/lib/', to: 'src/board/', count: 1, is_cyclic: true },
  ]);
});

test('a folder lists what lies directly in it', async () => {
  using index = await temporaryIndex();
  index.scan({
    'main.ts': {},
    'src/a.ts': {},
    'src/lib/b.ts': {},
    'src/lib/c.ts': {},
    'srcs/d.ts': {},
  });
  expect(index.ask((asked) => asked.folder())).toMatchObject({
    folder: '',
    folders: [
      { file: 'src/', count: 3 },
      { file: 'srcs/', count: 1 },
    ],
    files: [{ file: 'main.ts' }],
  });
  expect(index.ask((asked) => asked.folder('src'))).toMatchObject({
    folder: 'src/',
    folders: [{ file: 'src/lib/', count: 2 }],
    files: [{ file: 'src/a.ts' }],
  });
});
