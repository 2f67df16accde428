import { appendFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SymbolQuery } from '@codepakt/contract';
import Sqlite from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import {
  type StatedTree,
  type TemporaryIndex,
  temporaryIndex,
} from '../testing/temporary-index.ts';

const PROJECT: StatedTree = {
  'src/user-service.ts': {
    text: [
      '/** Keeps users. */',
      'export class UserService {',
      '  open() {',
      '    return 1;',
      '  }',
      '}',
      '',
    ].join('\n'),
    symbols: [
      {
        name: 'UserService',
        kind: 'class',
        line: 2,
        start_line: 2,
        end_line: 6,
        signature: 'export class UserService',
        doc: 'Keeps users.',
      },
      {
        name: 'open',
        kind: 'method',
        parent: 'UserService',
        line: 3,
        start_line: 3,
        end_line: 5,
        signature: 'open()',
      },
    ],
    imports: [
      {
        specifier: './db.ts',
        resolved: ['src/db.ts'],
        line: 1,
        names: [{ name: 'open', alias: 'openDb' }],
      },
    ],
  },
  'src/user-service.test.ts': {
    symbols: [{ name: 'UserServiceStub', kind: 'class' }, { name: 'User' }],
    imports: [{ specifier: './user-service.ts', resolved: ['src/user-service.ts'] }],
  },
  'src/db.ts': {
    text: 'export function open() {}\nfunction usesSerial() {}\n',
    symbols: [
      { name: 'open', signature: 'export function open()', doc: 'Opens the database of a board.' },
      { name: 'usesSerial', exported: false },
    ],
    imports: [{ specifier: 'node:fs', names: [{ name: 'readFileSync', alias: null }] }],
  },
  'src/main.ts': {
    symbols: [{ name: 'user', kind: 'constant' }],
    imports: [
      { specifier: './user-service.ts', resolved: ['src/user-service.ts'] },
      { specifier: './data.json', resolved: ['src/data.json'] },
      { specifier: './gone.ts', kind: 'type' },
    ],
  },
  'src/old.ts': { symbols: [{ name: 'createUserService' }] },
};

async function project(): Promise<TemporaryIndex> {
  const index = await temporaryIndex();
  index.scan(PROJECT);
  return index;
}

describe('symbols', () => {
  const names = (index: TemporaryIndex, name: string, limit?: number) =>
    index.ask((asked) => asked.symbols({ name, limit })).items.map((hit) => hit.name);

  test('a name, then what begins with it, then words that begin so', async () => {
    using index = await project();
    expect(names(index, 'User')).toEqual(['User', 'user', 'UserService', 'UserServiceStub']);
    expect(names(index, 'User', 9)).toContain('createUserService');
    expect(names(index, 'userservice')).toEqual(['UserService', 'UserServiceStub']);
  });

  test('beginnings of words in their order, then letters in their order', async () => {
    using index = await project();
    expect(names(index, 'usSer')).toEqual([
      'UserService',
      'usesSerial',
      'UserServiceStub',
      'createUserService',
    ]);
    expect(names(index, 'usrSvc')).toEqual(['UserService', 'UserServiceStub']);
    expect(names(index, 'crtsrv')).toEqual(['createUserService']);
    expect(names(index, 'serUs')).toEqual([]);
    expect(names(index, '%_')).toEqual([]);
  });

  test('tests come last, and before them what is not exported', async () => {
    using index = await temporaryIndex();
    index.scan({
      'a.test.ts': { symbols: [{ name: 'run' }] },
      'b.ts': { symbols: [{ name: 'run', exported: false }] },
      'c.ts': { symbols: [{ name: 'run' }] },
    });
    const { items } = index.ask((asked) => asked.symbols({ name: 'run' }));
    expect(items.map(({ file }) => file)).toEqual(['c.ts', 'b.ts', 'a.test.ts']);
  });

  test('a name in another, by kind, in a file or folder, exported only', async () => {
    using index = await project();
    const at = (query: SymbolQuery) =>
      index.ask((asked) => asked.symbols(query)).items.map(({ file, line }) => `${file}:${line}`);
    expect(at({ name: 'UserService.open' })).toEqual(['src/user-service.ts:3']);
    expect(at({ name: 'open', kind: ['function'] })).toEqual(['src/db.ts:1']);
    expect(at({ file: 'src/db.ts' })).toEqual(['src/db.ts:1', 'src/db.ts:2']);
    expect(at({ file: 'src/db.ts', exported: false })).toEqual(['src/db.ts:2']);
    expect(at({ file: 'src', kind: ['class'] })).toEqual([
      'src/user-service.test.ts:1',
      'src/user-service.ts:2',
    ]);
    expect(at({ file: 'src', kind: ['enum'] })).toEqual([]);
    expect(() => at({ file: 'sr' })).toThrow(expect.objectContaining({ code: 'file_not_found' }));
    expect(() => at({ name: 'open', file: 'src/dc.ts' })).toThrow(
      expect.objectContaining({ hint: 'Did you mean src/db.ts?' }),
    );
  });

  test('of several by one name: what is written before what is declared, what many import first', async () => {
    using index = await temporaryIndex();
    const main = { specifier: './main', resolved: ['main.ts'] };
    index.scan({
      'examples/run.ts': { symbols: [{ name: 'run' }], imports: [main] },
      'a.d.ts': { symbols: [{ name: 'run' }] },
      'api.js': {
        symbols: [
          { name: 'run', kind: 'constant', signature: "const { run } = require('./main')" },
        ],
      },
      'b.ts': { symbols: [{ name: 'run', parent: 'B', kind: 'method' }] },
      'main.ts': { symbols: [{ name: 'run' }] },
      'use.ts': { imports: [main, { specifier: './a.d.ts', resolved: ['a.d.ts'] }] },
    });
    const { items } = index.ask((asked) => asked.symbols({ name: 'run' }));
    expect(items.map(({ file }) => file)).toEqual([
      'main.ts',
      'examples/run.ts',
      'a.d.ts',
      'api.js',
      'b.ts',
    ]);
  });

  test('what is meant is not lost among others that are called so by chance', async () => {
    using index = await temporaryIndex();
    const options = Array.from({ length: 12 }, (_, n) => [
      `o${n}.ts`,
      { symbols: [{ name: 'router', kind: 'property' as const, parent: 'Options' }] },
    ]);
    index.scan({
      'router.ts': { symbols: [{ name: 'Router', kind: 'class' }] },
      ...Object.fromEntries(options),
    });
    const found = (name: string) => index.ask((asked) => asked.symbols({ name }));
    expect(found('Router')).toMatchObject({ items: { length: 5 }, more: true });
    expect(found('Router').items[0]?.file).toBe('router.ts');
    expect(found('router')).toMatchObject({ items: { length: 12 }, more: true });
  });

  test('a name with its module, or a Go method as it is written', async () => {
    using index = await temporaryIndex();
    const go = { language: 'go', symbols: [{ name: 'Context', kind: 'struct' as const }] };
    index.scan({
      'src/click/core.py': {
        symbols: [
          { name: 'Command', kind: 'class' },
          { name: 'main', kind: 'method', parent: 'Command' },
        ],
      },
      'src/other.py': { symbols: [{ name: 'Command', kind: 'class' }, { name: 'Context' }] },
      'context.go': go,
    });
    const found = (name: string) =>
      index.ask((asked) => asked.symbols({ name })).items.map((hit) => hit.file);
    expect(found('core.Command')).toEqual(['src/click/core.py']);
    expect(found('click.core.Command')).toEqual(['src/click/core.py']);
    expect(found('click.Command')).toEqual(['src/click/core.py']);
    expect(found('gin.Context')).toEqual(['context.go']);
    expect(found('(*Command).main')).toEqual(['src/click/core.py']);
    // Where there is no such thing in it, the name alone.
    expect(found('Group.main')).toEqual(['src/click/core.py']);
  });

  test('a limit says that there are more', async () => {
    using index = await project();
    const { items, more } = index.ask((asked) => asked.symbols({ name: 'User', limit: 2 }));
    expect([items.length, more]).toEqual([2, true]);
    expect(index.ask((asked) => asked.symbols({ name: 'UserService' })).more).toBe(false);
  });
});

describe('outline', () => {
  test('the symbols of a file as a tree with their lines', async () => {
    using index = await project();
    const { symbols, lines } = index.ask((asked) => asked.outline('src/user-service.ts'));
    expect(lines).toBe(6);
    expect(
      symbols.map(({ depth, start_line, end_line, signature }) => [
        depth,
        start_line,
        end_line,
        signature,
      ]),
    ).toEqual([
      [0, 2, 6, 'export class UserService'],
      [1, 3, 5, 'open()'],
    ]);
  });

  test('an unknown file is told with one that may be meant', async () => {
    using index = await project();
    const hint = (path: string) => {
      try {
        index.ask((asked) => asked.outline(path));
      } catch (error) {
        return error;
      }
      return undefined;
    };
    expect(hint('lib/db.ts')).toMatchObject({
      code: 'file_not_found',
      hint: 'Did you mean src/db.ts?',
    });
    expect(hint('src/user-servic.ts')).toMatchObject({ hint: 'Did you mean src/user-service.ts?' });
    expect(hint('zzzzzzzzzzzz.ts')).toMatchObject({ hint: expect.stringContaining('cpk scan') });
    expect(hint('src')).toMatchObject({ hint: expect.stringContaining('symbols --file src`') });
    expect(hint('src/')).toMatchObject({ message: 'src is a folder, and a file is asked for' });
  });

  test('of a file that the scan left out it is said why', async () => {
    using index = await temporaryIndex();
    index.scan({ 'a.ts': {} }, [
      { path: 'big.min.js', reason: 'minified', size: 9, mtime: 1, extractor_version: 1 },
    ]);
    expect(() => index.ask((asked) => asked.outline('big.min.js'))).toThrow(/minified/);
  });
});

describe('source', () => {
  const source = (index: TemporaryIndex, of: string) => index.ask((asked) => asked.source(of));

  test('the text of a symbol by name, by name in another, and by a line in it', async () => {
    using index = await project();
    const method = '  open() {\n    return 1;\n  }';
    expect(source(index, 'UserService.open').text).toBe(method);
    expect(source(index, 'src/user-service.ts:4').text).toBe(method);
    expect(source(index, 'src/user-service.ts:2').name).toBe('UserService');
    const { file, others } = source(index, 'open');
    expect([file, others]).toEqual(['src/db.ts', [{ file: 'src/user-service.ts', line: 3 }]]);
  });

  test('all overloads of a function, down to its body', async () => {
    using index = await temporaryIndex();
    const overload = (line: number, kind: 'function' | 'constant' = 'function') => ({
      name: 'parse',
      kind,
      line,
      start_line: line,
      end_line: line,
    });
    const text = 'parse(a)\nparse(b)\nparse() {}\nconst x\nparse(d)\n';
    index.scan({
      'a.ts': {
        text,
        symbols: [
          ...[1, 2, 3].map((line) => overload(line)),
          { name: 'x', line: 4 },
          overload(5, 'constant'),
        ],
      },
    });
    expect(source(index, 'parse')).toMatchObject({
      text: 'parse(a)\nparse(b)\nparse() {}',
      others: [{ file: 'a.ts', line: 5 }],
    });
    expect(source(index, 'a.ts:2').text).toBe('parse(b)');
  });

  test('no text of a file that is another one now', async () => {
    using index = await project();
    appendFileSync(join(index.root, 'src/db.ts'), '// more\n');
    expect(source(index, 'open')).toMatchObject({ text: null, stale: true });
    rmSync(join(index.root, 'src/db.ts'));
    expect(source(index, 'open')).toMatchObject({ text: null, stale: true });
    writeFileSync(join(index.root, 'elsewhere'), PROJECT['src/db.ts']?.text ?? '');
    symlinkSync(join(index.root, 'elsewhere'), join(index.root, 'src/db.ts'));
    expect(source(index, 'open')).toMatchObject({ text: null, stale: true });
  });

  test('UTF-16 and byte order marks are read as the scanner reads them', async () => {
    using index = await temporaryIndex();
    for (const [path, bytes] of [
      ['le.ts', Buffer.from('\ufeffone\ntwo\n', 'utf16le')],
      ['be.ts', Buffer.from('\ufeffone\ntwo\n', 'utf16le').swap16()],
      ['bom.ts', Buffer.from('\ufeffone\ntwo\n')],
    ] as const) {
      index.scan({ [path]: { text: bytes, symbols: [{ name: 'f', line: 1 }] } });
      expect(source(index, 'f').text).toBe('one');
    }
  });

  test('an unknown name is told with one that may be meant', async () => {
    using index = await project();
    expect(() => source(index, 'usrService')).toThrow(
      expect.objectContaining({
        code: 'symbol_not_found',
        hint: expect.stringContaining('UserService'),
      }),
    );
    expect(() => source(index, 'src/db.ts:99')).toThrow(
      expect.objectContaining({
        code: 'symbol_not_found',
        hint: expect.stringContaining('outline'),
      }),
    );
    expect(() => source(index, 'src/db.ts')).toThrow(/a file, not a symbol/);
  });
});

describe('imports and dependents', () => {
  test('what a file imports, with names and where it leads', async () => {
    using index = await project();
    const { imports } = index.ask((asked) => asked.imports('src/main.ts'));
    expect(
      imports.map(({ line, kind, specifier, resolved }) => [line, kind, specifier, resolved]),
    ).toEqual([
      [1, 'import', './user-service.ts', ['src/user-service.ts']],
      [2, 'import', './data.json', ['src/data.json']],
      [3, 'type', './gone.ts', []],
    ]);
    expect(index.ask((asked) => asked.imports('src/user-service.ts')).imports[0]?.names).toEqual([
      { name: 'open', alias: 'openDb' },
    ]);
  });

  test('who imports a file, tests last; also one that is not code', async () => {
    using index = await project();
    const of = (file: string) =>
      index
        .ask((asked) => asked.dependents({ file }))
        .items.map((item) => `${item.file}:${item.line}`);
    expect(of('src/user-service.ts')).toEqual(['src/main.ts:1', 'src/user-service.test.ts:1']);
    expect(of('src/data.json')).toEqual(['src/main.ts:2']);
    expect(of('src/main.ts')).toEqual([]);
    expect(() => of('src/other.json')).toThrow(expect.objectContaining({ code: 'file_not_found' }));
  });

  test('all that reach a file, the nearest first', async () => {
    using index = await project();
    const { items, total } = index.ask((asked) =>
      asked.dependents({ file: 'src/db.ts', transitive: true }),
    );
    expect(total).toBe(3);
    expect(items).toEqual([
      { file: 'src/user-service.ts', line: null, distance: 1 },
      { file: 'src/main.ts', line: null, distance: 2 },
      { file: 'src/user-service.test.ts', line: null, distance: 2 },
    ]);
  });

  test('whoever imports the folder of a file depends on the file', async () => {
    using index = await temporaryIndex();
    const importing = (...resolved: string[]) =>
      resolved.map((path) => ({ specifier: path, resolved: [path] }));
    index.scan({
      'lib/a.go': { package: 'lib/', imports: importing('base/') },
      'lib/b.go': { package: 'lib/' },
      'base/c.go': { package: 'base/' },
      'main.go': { imports: importing('lib/') },
    });
    const reached = (file: string, transitive: boolean) =>
      index.ask((asked) => asked.dependents({ file, transitive })).items.map((item) => item.file);
    expect(reached('lib/b.go', false)).toEqual(['main.go']);
    expect(reached('lib/', false)).toEqual(['main.go']);
    expect(reached('base/c.go', false)).toEqual(['lib/a.go']);
    expect(reached('base/c.go', true)).toEqual(['lib/a.go', 'main.go']);
    const { steps } = index.ask((asked) => asked.path('main.go', 'base/c.go'));
    expect(steps.map(({ file }) => file)).toEqual(['main.go', 'lib/a.go', 'base/c.go']);
    expect(index.ask((asked) => asked.orphans()).items).toEqual(['main.go']);
    expect(index.ask((asked) => asked.cycles()).total).toBe(0);
  });
});

describe('the whole graph', () => {
  const graph = (edges: string): StatedTree => {
    const tree: StatedTree = {};
    for (const edge of edges.split(' ')) {
      const [from = '', to = ''] = edge.split(/->|=>/).map((name) => `${name}.ts`);
      tree[from] ??= { imports: [] };
      tree[to] ??= { imports: [] };
      const kind = edge.includes('=>') ? 'type' : 'import';
      tree[from].imports?.push({ specifier: to, resolved: [to], kind });
    }
    return tree;
  };
  const cyclesOf = async (edges: string, query = {}) => {
    using index = await temporaryIndex();
    index.scan(graph(edges));
    const { items } = index.ask((asked) => asked.cycles(query));
    return items.map(({ files, cycle }) => [
      files,
      cycle.map(({ file, line }) => `${file}:${line}`).join(' '),
    ]);
  };

  test('cycles, each with a shortest way round, the largest first', async () => {
    expect(await cyclesOf('a->b b->c c->a')).toEqual([[3, 'a.ts:1 b.ts:1 c.ts:1']]);
    expect(await cyclesOf('a->b b->c c->d d->a c->b x->y y->x')).toEqual([
      [4, 'b.ts:1 c.ts:2'],
      [2, 'x.ts:1 y.ts:1'],
    ]);
    expect(await cyclesOf('a->a a->b')).toEqual([[1, 'a.ts:1']]);
    expect(await cyclesOf('a->b b->c a->c')).toEqual([]);
  });

  test('imports of types close a cycle only when they are asked for', async () => {
    expect(await cyclesOf('a->b b=>a')).toEqual([]);
    expect(await cyclesOf('a->b b=>a', { types: true })).toEqual([[2, 'a.ts:1 b.ts:1']]);
    // Nothing runs in declarations.
    expect(await cyclesOf('a.d->b b->a.d')).toEqual([]);
    expect(await cyclesOf('a.d->b b->a.d', { types: true })).toHaveLength(1);
  });

  test('imports of what are only types where they are declared close no cycle either', async () => {
    const naming = (specifier: string, ...names: string[]) => ({
      specifier,
      resolved: [specifier],
      names: names.map((name) => ({ name, alias: null })),
    });
    const reexporting = (specifier: string, ...names: string[]) => ({
      ...naming(specifier, ...names),
      kind: 'reexport' as const,
    });
    const totals = async (tree: StatedTree) => {
      using index = await temporaryIndex();
      index.scan(tree);
      const ask = (query = {}) => index.ask((asked) => asked.cycles(query));
      return {
        items: ask().items.map(({ cycle }) => cycle),
        withTypes: ask({ types: true }).total,
      };
    };
    const b = {
      symbols: [
        { name: 'Shape', kind: 'interface' as const },
        { name: 'Size', kind: 'type' as const },
        { name: 'Both', kind: 'interface' as const },
        { name: 'Both', kind: 'constant' as const },
        { name: 'draw', kind: 'function' as const },
      ],
      imports: [naming('a.ts', 'start')],
    };
    const a = (...names: string[]) => ({ imports: [naming('b.ts', ...names)] });
    expect(await totals({ 'a.ts': a('Shape', 'Size'), 'b.ts': b })).toEqual({
      items: [],
      withTypes: 1,
    });
    for (const names of [['Shape', 'draw'], ['Both'], ['unknown'], ['*'], []]) {
      expect((await totals({ 'a.ts': a(...names), 'b.ts': b })).items).toHaveLength(1);
    }

    // Behind a file that passes them on; the line is that of the import that stays.
    const passing = (...names: string[]) => ({
      'a.ts': {
        imports: [
          { ...naming('index.ts', 'Shape'), line: 1 },
          { ...naming('index.ts', ...names), line: 2 },
        ],
      },
      'index.ts': { imports: [reexporting('other.ts', '*'), reexporting('b.ts', '*')] },
      'other.ts': { imports: [reexporting('index.ts', '*')] },
      'b.ts': b,
    });
    const behind = (files: StatedTree) =>
      totals(files).then(({ items }) => items.map((cycle) => cycle.map(({ file }) => file)));
    expect(await behind(passing('Size'))).toEqual([['index.ts', 'other.ts']]);
    const direct = {
      'a.ts': {
        imports: [
          { ...naming('b.ts', 'Size'), line: 1 },
          { ...naming('b.ts', 'draw'), line: 7 },
        ],
      },
      'b.ts': b,
    };
    expect((await totals(direct)).items).toEqual([
      [
        { file: 'a.ts', line: 7 },
        { file: 'b.ts', line: 1 },
      ],
    ]);
  });

  test('a chain of thousands of imports overflows nothing', async () => {
    const edges = Array.from({ length: 5_000 }, (_, number) => `f${number}->f${number + 1}`);
    expect((await cyclesOf([...edges, 'f5000->f0'].join(' ')))[0]?.[0]).toBe(5_001);
  });

  test('how one file reaches another, the shortest way, or not at all', async () => {
    using index = await temporaryIndex();
    index.scan(graph('a->b b->c c->d a->x x->d d->e'));
    const way = (from: string, to: string) =>
      index.ask((asked) => asked.path(from, to)).steps.map(({ file, line }) => `${file}:${line}`);
    expect(way('a.ts', 'd.ts')).toEqual(['a.ts:2', 'x.ts:1', 'd.ts:null']);
    expect(way('d.ts', 'a.ts')).toEqual([]);
    expect(() => way('a.ts', 'none.ts')).toThrow(
      expect.objectContaining({ code: 'file_not_found' }),
    );
  });

  test('files that nothing imports, tests only when asked for', async () => {
    using index = await project();
    const orphans = (tests: boolean) => index.ask((asked) => asked.orphans({ tests })).items;
    expect(orphans(false)).toEqual(['src/main.ts', 'src/old.ts']);
    expect(orphans(true)).toEqual(['src/main.ts', 'src/old.ts', 'src/user-service.test.ts']);
  });

  test('what a package.json, a tool or a framework starts is no orphan', async () => {
    using index = await temporaryIndex();
    const main = { name: 'main', kind: 'function' as const };
    index.scan({
      'src/index.ts': {},
      'src/adapter/bun/index.ts': {},
      'src/bin.ts': {},
      'src/unused.ts': {},
      'scripts/build.ts': {},
      'scripts/old.ts': {},
      'packages/kit/lib/plugins/a.js': {},
      'packages/kit/lib/b.js': {},
      'vite.config.ts': {},
      'env.d.ts': {},
      'web/app/blog/page.tsx': {},
      'cmd/x/run.go': { language: 'go' },
      'cmd/x/main.go': { language: 'go', symbols: [main] },
      'main.ts': { symbols: [main] },
      'py/src/acme/cli.py': {},
      'py/src/acme/sub/__init__.py': {},
      'py/src/acme/unused.py': {},
    });
    const write = (path: string, value: unknown) =>
      writeFileSync(join(index.root, path), JSON.stringify(value));
    write('package.json', {
      main: './dist/index.cjs',
      bin: { x: 'dist/bin.js' },
      scripts: { build: 'node scripts/build.ts' },
      exports: { './bun': { types: './dist/types/adapter/bun/index.d.ts' } },
    });
    write('packages/kit/package.json', { exports: { './plugins/*': './dist/plugins/*.js' } });
    writeFileSync(join(index.root, 'web/package.json'), 'no JSON');
    write('elsewhere', { main: 'unused.ts' });
    symlinkSync(join(index.root, 'elsewhere'), join(index.root, 'src/package.json'));
    writeFileSync(
      join(index.root, 'py/pyproject.toml'),
      '[project.scripts]\nacme = "acme.cli:main"\n',
    );
    const { items, entry_points } = index.ask((asked) => asked.orphans());
    expect(items).toEqual([
      'main.ts',
      'packages/kit/lib/b.js',
      'py/src/acme/unused.py',
      'scripts/old.ts',
      'src/unused.ts',
    ]);
    expect(entry_points).toBe(12);
  });

  test('the summary counts and names what matters most', async () => {
    using index = await project();
    const summary = index.ask((asked) => asked.summary());
    expect(summary).toMatchObject({
      files: 5,
      symbols: 8,
      imports: 6,
      tests: 1,
      languages: { typescript: 5 },
      folders: [{ file: 'src/', count: 5 }],
      most_imported: [
        { file: 'src/user-service.ts', count: 2 },
        { file: 'src/db.ts', count: 1 },
        { file: 'src/data.json', count: 1 },
      ],
      entry_points: [{ file: 'src/main.ts', count: 3 }],
    });
    expect(Date.parse(summary.scanned_at ?? '')).toBeGreaterThan(Date.now() - 60_000);
  });
});

describe('where a project begins', () => {
  const entryPoints = async (tree: Record<string, string[]>) => {
    using index = await temporaryIndex();
    const files = Object.entries(tree).map(([path, targets]) => {
      const imports = targets.map((target) => ({ specifier: target, resolved: [target] }));
      return [path, { imports }] as const;
    });
    index.scan(Object.fromEntries(files));
    return index.ask((asked) => asked.summary()).entry_points.map(({ file }) => file);
  };

  test('a library begins where its tests and examples reach it', async () => {
    const tree = {
      'src/core.ts': [],
      'src/index.ts': ['src/core.ts'],
      'examples/one/main.ts': ['src/index.ts'],
      'packages/bench/run.ts': ['src/index.ts', 'src/core.ts'],
      'index.test.ts': ['src/index.ts'],
    };
    expect(await entryPoints(tree)).toEqual(['src/index.ts']);
  });

  test('what stands for its folder begins it, though files in there import it too', async () => {
    const tree = {
      'lib/__init__.py': ['lib/core.py'],
      'lib/core.py': ['lib/__init__.py'],
      'app/main.py': ['app/__init__.py'],
      'app/__init__.py': [],
      'other/index.ts': ['lib/core.py'],
      'use.ts': ['other/index.ts'],
    };
    expect(await entryPoints(tree)).toEqual(['use.ts', 'app/main.py', 'lib/__init__.py']);
  });

  test('where all are examples, they are named', async () => {
    expect(await entryPoints({ 'examples/a.ts': ['examples/b.ts'], 'examples/b.ts': [] })).toEqual([
      'examples/a.ts',
    ]);
  });
});

describe('search', () => {
  const found = (index: TemporaryIndex, q: string) =>
    index.ask((asked) => asked.search({ q })).items.map(({ name }) => name);

  test('words of names, signatures and docs', async () => {
    using index = await project();
    expect(found(index, 'user service')).toEqual([
      'UserService',
      'createUserService',
      'UserServiceStub',
    ]);
    expect(found(index, 'database board')).toEqual(['open']);
    expect(found(index, 'serial')).toEqual(['usesSerial']);
  });

  test('some of the words will do when no symbol has them all', async () => {
    using index = await project();
    expect(found(index, 'where is the database opened')).toContain('open');
    expect(found(index, 'what is the stub?')).toEqual(['UserServiceStub']);
  });

  test('nothing in it can be a syntax error', async () => {
    using index = await project();
    for (const q of ['"', '* OR', 'name:', '(', 'a AND', '-', 'NEAR('])
      expect(found(index, q)).toBeInstanceOf(Array);
  });
});

describe('staleness', () => {
  test('each answer says which of its files were changed since, or are gone', async () => {
    using index = await project();
    const stale = () =>
      index.ask((asked) => asked.symbols({ name: 'open' })).items.map((hit) => hit.stale);
    expect(stale().slice(0, 2)).toEqual([false, false]);
    appendFileSync(join(index.root, 'src/db.ts'), '\n');
    expect(stale().slice(0, 2)).toEqual([true, false]);
    expect(index.ask((asked) => asked.dependents({ file: 'src/db.ts' })).stale).toEqual([
      'src/db.ts',
    ]);
    rmSync(join(index.root, 'src/main.ts'));
    expect(index.ask((asked) => asked.dependents({ file: 'src/user-service.ts' })).stale).toEqual([
      'src/main.ts',
    ]);
    expect(index.ask((asked) => asked.outline('src/main.ts')).stale).toBe(true);
    expect(index.ask((asked) => asked.imports('src/user-service.ts')).stale).toBe(false);
  });
});

test('an index of nothing is an index: it answers that there is nothing', async () => {
  using index = await temporaryIndex();
  index.scan({});
  expect(index.ask((asked) => asked.summary())).toMatchObject({ files: 0, symbols: 0 });
  expect(index.ask((asked) => asked.symbols({ name: 'parseOrder' })).items).toEqual([]);
  index.scan({ 'a.ts': {} });
  expect(index.ask((asked) => asked.summary()).files).toBe(1);
});

test('an index that an earlier version made is called so, and not missing', async () => {
  using index = await temporaryIndex();
  const ask = () => index.ask((asked) => asked.summary());
  expect(ask).toThrow(/has no code index$/);
  index.scan({ 'a.ts': {} });
  expect(ask().files).toBe(1);
  const database = new Sqlite(index.file);
  database.exec('DELETE FROM schema_version WHERE version > 2');
  database.close();
  expect(ask).toThrow(/was made by an earlier version of codepakt$/);
});

describe('what is only passed on', () => {
  const named = (name: string, alias: string | null = null) => ({ name, alias });
  const tree: StatedTree = {
    'src/context.ts': {
      symbols: [
        { name: 'Context', kind: 'class', start_line: 3, line: 3, end_line: 3 },
        { name: 'default', kind: 'constant', metadata: { default: true }, line: 9 },
      ],
    },
    'src/parts.ts': {
      imports: [
        {
          specifier: './context',
          resolved: ['src/context.ts'],
          kind: 'reexport',
          names: [named('*')],
        },
      ],
    },
    'index.ts': {
      symbols: [{ name: 'own', kind: 'function', start_line: 2, line: 2, end_line: 2 }],
      imports: [
        {
          specifier: './src/parts',
          resolved: ['src/parts.ts'],
          kind: 'reexport',
          line: 1,
          names: [named('Context', 'UNSAFE_Context'), named('Context')],
        },
        {
          specifier: './src/context',
          resolved: ['src/context.ts'],
          kind: 'reexport',
          line: 3,
          names: [named('default', 'theContext')],
        },
        { specifier: 'zod', resolved: [], kind: 'reexport', line: 4, names: [named('*')] },
        {
          specifier: './src/context',
          resolved: ['src/context.ts'],
          line: 5,
          names: [named('Context', 'Mine')],
        },
      ],
    },
  };

  test('is found by the name under which it is had', async () => {
    using index = await temporaryIndex();
    index.scan(tree);
    const places = (name: string) =>
      index
        .ask((asked) => asked.symbols({ name }))
        .items.map(({ file, line, ...hit }) => `${hit.name} ${file}:${line}`);
    expect(places('UNSAFE_Context')).toEqual(['Context src/context.ts:3']);
    expect(places('theContext')).toEqual(['default src/context.ts:9']);
    expect(places('Mine')).toEqual([]);
    const { file, start_line } = index.ask((asked) => asked.source('UNSAFE_Context'));
    expect([file, start_line]).toEqual(['src/context.ts', 3]);
  });

  test('is in the outline of the file that passes it on', async () => {
    using index = await temporaryIndex();
    index.scan(tree);
    const { symbols, passed_on } = index.ask((asked) => asked.outline('index.ts'));
    expect(symbols.map(({ name }) => name)).toEqual(['own']);
    expect(passed_on).toEqual([
      {
        line: 1,
        names: [named('Context', 'UNSAFE_Context'), named('Context')],
        from: 'src/parts.ts',
      },
      { line: 3, names: [named('default', 'theContext')], from: 'src/context.ts' },
      { line: 4, names: [named('*')], from: 'zod' },
    ]);
  });
});

test('a summary is about the project, not about what is vendored in it, and begins where main is', async () => {
  using index = await temporaryIndex();
  const importing = (...paths: string[]) => ({
    imports: paths.map((path) => ({ specifier: path, resolved: [path] })),
  });
  const wide = Array.from({ length: 12 }, (_, number) => `lib/part${number}.ts`);
  index.scan({
    'main.ts': importing('lib/all.ts'),
    'lib/all.ts': importing(...wide),
    ...Object.fromEntries(wide.map((path) => [path, importing('vendor/big/a.ts')])),
    ...Object.fromEntries(
      wide.map((_, at) => [`tools/t${at}.ts`, importing('lib/a.ts', 'lib/b.ts')]),
    ),
    'lib/a.ts': {},
    'lib/b.ts': {},
    'vendor/big/a.ts': {},
    'vendor/big/start.ts': importing('vendor/big/a.ts', ...wide),
  });
  const { folders, most_imported, entry_points } = index.ask((asked) => asked.summary());
  const named = (counts: { file: string }[]) => counts.map(({ file }) => file);
  expect(named(folders).filter((folder) => folder.startsWith('vendor'))).toEqual([]);
  expect(named(most_imported).slice(0, 2)).toEqual(['lib/a.ts', 'lib/b.ts']);
  expect(named(most_imported)).not.toContain('vendor/big/a.ts');
  expect(named(entry_points)[0]).toBe('main.ts');
  expect(named(entry_points)).not.toContain('vendor/big/start.ts');
});

test("what is vendored comes after the project's own, and is left out when there is enough of that", async () => {
  using index = await temporaryIndex();
  const vendored = Array.from({ length: 8 }, (_, at) => `vendor/v${at}/a.go`);
  const declaring = (name: string) => ({
    language: 'go',
    symbols: [{ name, kind: 'function' as const }],
  });
  index.scan({
    ...Object.fromEntries(vendored.map((path) => [path, declaring('New')])),
    'lib/new.go': declaring('New'),
    'main.go': {
      language: 'go',
      imports: vendored.map((path) => ({ specifier: path, resolved: [path] })),
    },
  });
  const { items, more } = index.ask((asked) => asked.symbols({ name: 'New' }));
  expect([items[0]?.file, items.length, more]).toEqual(['lib/new.go', 5, true]);
  expect(index.ask((asked) => asked.source('New')).file).toBe('lib/new.go');
});
