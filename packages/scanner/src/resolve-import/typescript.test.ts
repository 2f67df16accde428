import type { ImportKind } from '@codepakt/contract';
import { expect, test } from 'vitest';
import { treeOf } from '../testing/tree-of.ts';
import { createTypescriptResolver } from './typescript.ts';

type Files = readonly string[] | Record<string, string>;

/** The file that an import in `importer` leads to; undefined when it leads nowhere. */
function leadsTo(
  files: Files,
  importer: string,
  specifier: string,
  kind: ImportKind = 'import',
): string | undefined {
  const resolver = createTypescriptResolver(treeOf(files));
  const resolved = resolver.resolve(importer, { specifier, names: [], kind, line: 1 });
  expect(resolved.length).toBeLessThan(2);
  return resolved[0];
}

function json(value: unknown): string {
  return JSON.stringify(value);
}

test('extensions and index files are filled in, and the specifier as written goes first', () => {
  const files = [
    'a.ts',
    'b.tsx',
    'c.d.ts',
    'd/index.ts',
    'e.json',
    'f.vue',
    'g/h.ts',
    'b/index.ts',
  ];
  expect(leadsTo(files, 'g/h.ts', '../a')).toBe('a.ts');
  expect(leadsTo(files, 'g/h.ts', '../a.ts')).toBe('a.ts');
  expect(leadsTo(files, 'g/h.ts', '../b')).toBe('b.tsx');
  expect(leadsTo(files, 'g/h.ts', '../b/')).toBe('b/index.ts');
  expect(leadsTo(files, 'g/h.ts', '../c')).toBe('c.d.ts');
  expect(leadsTo(files, 'g/h.ts', '../d')).toBe('d/index.ts');
  expect(leadsTo(files, 'd/index.ts', '.')).toBe('d/index.ts');
  expect(leadsTo(files, 'g/h.ts', '../e.json')).toBe('e.json');
  expect(leadsTo(files, 'g/h.ts', '../f.vue')).toBe('f.vue');
  expect(leadsTo(files, 'g/h.ts', '../f.vue?raw')).toBe('f.vue');
  expect(leadsTo(files, 'a.ts', '../outside')).toBeUndefined();
  expect(leadsTo(files, 'a.ts', './h')).toBeUndefined();
});

test('.js may mean the TypeScript source of it, and a JavaScript file prefers JavaScript', () => {
  const files = ['a.ts', 'b.tsx', 'c.mts', 'd.cts', 'e.js', 'e.ts', 'x.ts', 'x.js'];
  expect(leadsTo(files, 'x.ts', './a.js')).toBe('a.ts');
  expect(leadsTo(files, 'x.ts', './b.js')).toBe('b.tsx');
  expect(leadsTo(files, 'x.ts', './c.mjs')).toBe('c.mts');
  expect(leadsTo(files, 'x.ts', './d.cjs')).toBe('d.cts');
  expect(leadsTo(files, 'x.js', './a.js')).toBe('a.ts');
  expect(leadsTo(files, 'x.ts', './e')).toBe('e.ts');
  expect(leadsTo(files, 'x.js', './e')).toBe('e.js');
  expect(leadsTo(files, 'x.js', './e.js', 'require')).toBe('e.js');
  expect(leadsTo(files, 'x.js', './e.js', 'type')).toBe('e.ts');
});

test('paths are found by the best pattern, from where they are written or from baseUrl', () => {
  const files = {
    'tsconfig.base.json': `{
      // comments and trailing commas are allowed
      "compilerOptions": { "paths": { "@lib/*": ["./lib/*", "./generated/*"], "@lib/exact": ["./other.ts"], }, },
    }`,
    'app/tsconfig.json': json({ extends: '../tsconfig.base.json' }),
    'app/main.ts': '',
    'lib/a.ts': '',
    'generated/b.ts': '',
    'other.ts': '',
    'based/tsconfig.json': json({ compilerOptions: { baseUrl: './src', paths: { '~*': ['*'] } } }),
    'based/src/x/y.ts': '',
    'based/src/main.ts': '',
  };
  expect(leadsTo(files, 'app/main.ts', '@lib/a')).toBe('lib/a.ts');
  expect(leadsTo(files, 'app/main.ts', '@lib/b')).toBe('generated/b.ts');
  expect(leadsTo(files, 'app/main.ts', '@lib/exact')).toBe('other.ts');
  expect(leadsTo(files, 'app/main.ts', '@lib/gone')).toBeUndefined();
  expect(leadsTo(files, 'based/src/main.ts', 'x/y')).toBe('based/src/x/y.ts');
  expect(leadsTo(files, 'based/src/main.ts', '~x/y')).toBe('based/src/x/y.ts');
  expect(leadsTo(files, 'app/main.ts', 'x/y')).toBeUndefined();
});

test('the tsconfig that includes a file counts, also one that the nearest only refers to', () => {
  const files = {
    'tsconfig.json': json({
      files: [],
      references: [{ path: './tsconfig.app.json' }, { path: './tools' }],
    }),
    'tsconfig.app.json': json({
      include: ['src'],
      exclude: ['src/**/*.test.ts'],
      compilerOptions: { paths: { '#app': ['./src/app.ts'] } },
    }),
    'tools/tsconfig.json': json({
      include: ['.', '../src/*.test.ts'],
      compilerOptions: { paths: { '#app': ['./fake.ts'] } },
    }),
    'src/app.ts': '',
    'src/main.ts': '',
    'src/main.test.ts': '',
    'tools/fake.ts': '',
  };
  expect(leadsTo(files, 'src/main.ts', '#app')).toBe('src/app.ts');
  expect(leadsTo(files, 'src/main.test.ts', '#app')).toBe('tools/fake.ts');
});

test('patterns of a workspace that could be tried in too many ways name no package', () => {
  const folder = 'a'.repeat(200);
  const files = {
    'package.json': json({ workspaces: ['packages/*', `${'*a'.repeat(20)}b`, '+(a|aa)b'] }),
    [`${folder}/package.json`]: json({ name: 'wild' }),
    'packages/lib/package.json': json({ name: 'lib', main: './lib.js' }),
    'packages/lib/lib.js': '',
    'main.js': '',
  };
  expect(leadsTo(files, 'main.js', 'lib')).toBe('packages/lib/lib.js');
});

test('extends takes a list, a package of the workspace and the folder of who extends', () => {
  const files = {
    'package.json': json({ workspaces: ['packages/*'] }),
    'packages/config/package.json': json({ name: '@acme/config' }),
    'packages/config/base.json': json({
      compilerOptions: { paths: { '@/*': ['\u0024{configDir}/src/*'] } },
    }),
    'packages/config/strict.json': json({ compilerOptions: { strict: true } }),
    'packages/app/package.json': json({ name: 'app' }),
    'packages/app/tsconfig.json': json({
      extends: ['@acme/config/base', '@acme/config/strict.json', '@tsconfig/node24/tsconfig.json'],
    }),
    'packages/app/src/a.ts': '',
    'packages/app/main.ts': '',
  };
  expect(leadsTo(files, 'packages/app/main.ts', '@/a')).toBe('packages/app/src/a.ts');
});

test('rootDirs are one folder', () => {
  const files = {
    'tsconfig.json': json({ compilerOptions: { rootDirs: ['src', 'generated'] } }),
    'src/views/main.ts': '',
    'generated/views/template.ts': '',
  };
  expect(leadsTo(files, 'src/views/main.ts', './template')).toBe('generated/views/template.ts');
});

const workspace = {
  'package.json': json({ name: 'root', workspaces: ['packages/*', '!packages/private'] }),
  'packages/app/package.json': json({ name: 'app' }),
  'packages/app/main.ts': '',
  'packages/private/package.json': json({ name: 'hidden' }),
  'packages/private/index.ts': '',
  'elsewhere/package.json': json({ name: 'elsewhere' }),
  'elsewhere/index.ts': '',
};

test('the packages of a workspace are found by name, and no others', () => {
  const files = {
    ...workspace,
    'packages/lib/package.json': json({ name: '@acme/lib', main: 'lib/index.js' }),
    'packages/lib/src/index.ts': '',
    'packages/lib/src/sub/thing.ts': '',
    'packages/lib/tsconfig.json': json({ compilerOptions: { outDir: 'lib', rootDir: 'src' } }),
    'lodash/index.js': '',
  };
  expect(leadsTo(files, 'packages/app/main.ts', '@acme/lib')).toBe('packages/lib/src/index.ts');
  expect(leadsTo(files, 'packages/app/main.ts', '@acme/lib/lib/sub/thing')).toBe(
    'packages/lib/src/sub/thing.ts',
  );
  expect(leadsTo(files, 'packages/app/main.ts', '@acme/lib/lib/')).toBe(
    'packages/lib/src/index.ts',
  );
  expect(leadsTo(files, 'packages/app/main.ts', '@acme/other')).toBeUndefined();
  expect(leadsTo(files, 'packages/app/main.ts', 'hidden')).toBeUndefined();
  expect(leadsTo(files, 'packages/app/main.ts', 'elsewhere')).toBeUndefined();
  expect(leadsTo(files, 'packages/app/main.ts', 'lodash')).toBeUndefined();
  expect(leadsTo(files, 'packages/app/main.ts', 'node:fs')).toBeUndefined();
  expect(leadsTo(files, 'packages/app/main.ts', 'fs')).toBeUndefined();
});

test('pnpm names the packages of a workspace in a file of its own', () => {
  const files = {
    'pnpm-workspace.yaml':
      "# all\npackages:\n  - 'libs/*' # here\n  - \"apps/**\"\n  - '!libs/old'\n\ncatalog:\n  - no\n",
    'package.json': json({ name: 'root' }),
    'libs/a/package.json': json({ name: 'a', module: './src/main.mts' }),
    'libs/a/src/main.mts': '',
    'libs/old/package.json': json({ name: 'old' }),
    'libs/old/index.ts': '',
    'apps/deep/web/package.json': json({ name: 'web' }),
    'apps/deep/web/index.tsx': '',
    'main.ts': '',
  };
  expect(leadsTo(files, 'main.ts', 'a')).toBe('libs/a/src/main.mts');
  expect(leadsTo(files, 'main.ts', 'web')).toBe('apps/deep/web/index.tsx');
  expect(leadsTo(files, 'main.ts', 'old')).toBeUndefined();
});

test('exports are chosen by their conditions, and what is built is taken from its source', () => {
  const files = {
    ...workspace,
    'packages/lib/package.json': json({
      name: 'lib',
      exports: {
        '.': {
          types: './dist/index.d.ts',
          import: './dist/index.mjs',
          require: './dist/index.cjs',
        },
        './both': { import: './both.mjs', require: './both.cjs' },
        './features/*.js': './dist/features/*.js',
        './custom': { '@acme/source': './src/custom.ts', default: './dist/custom.js' },
        './internal/*': null,
      },
    }),
    'packages/lib/src/index.ts': '',
    'packages/lib/src/features/one.ts': '',
    'packages/lib/src/custom.ts': '',
    'packages/lib/src/internal/secret.ts': '',
    'packages/lib/both.mjs': '',
    'packages/lib/both.cjs': '',
    'packages/app/use.js': '',
  };
  const from = 'packages/app/main.ts';
  expect(leadsTo(files, from, 'lib')).toBe('packages/lib/src/index.ts');
  expect(leadsTo(files, 'packages/app/use.js', 'lib/both')).toBe('packages/lib/both.mjs');
  expect(leadsTo(files, 'packages/app/use.js', 'lib/both', 'require')).toBe(
    'packages/lib/both.cjs',
  );
  expect(leadsTo(files, from, 'lib/features/one.js')).toBe('packages/lib/src/features/one.ts');
  expect(leadsTo(files, from, 'lib/custom')).toBe('packages/lib/src/custom.ts');
  expect(leadsTo(files, from, 'lib/internal/secret')).toBeUndefined();
  expect(leadsTo(files, from, 'lib/features/two.js')).toBeUndefined();
  // The package's own files may use its name too.
  expect(leadsTo(files, 'packages/lib/src/index.ts', 'lib/custom')).toBe(
    'packages/lib/src/custom.ts',
  );
});

test('#names are the imports of the package around the file', () => {
  const files = {
    ...workspace,
    'packages/app/package.json': json({
      name: 'app',
      imports: {
        '#db': { test: './src/fake.ts', default: './src/db.ts' },
        '#utils/*': './src/utils/*.js',
        '#lib': 'lib',
      },
    }),
    'packages/app/src/db.ts': '',
    'packages/app/src/utils/text.ts': '',
    'packages/lib/package.json': json({ name: 'lib' }),
    'packages/lib/index.js': '',
  };
  expect(leadsTo(files, 'packages/app/main.ts', '#db')).toBe('packages/app/src/db.ts');
  expect(leadsTo(files, 'packages/app/main.ts', '#utils/text')).toBe(
    'packages/app/src/utils/text.ts',
  );
  expect(leadsTo(files, 'packages/app/main.ts', '#lib')).toBe('packages/lib/index.js');
  expect(leadsTo(files, 'packages/app/main.ts', '#gone')).toBeUndefined();
});

test('a folder is its main file, and a dependency by path leads there without a workspace', () => {
  const files = {
    'package.json': json({
      name: 'root',
      main: './lib/main.js',
      dependencies: { tool: 'file:./tools/tool', far: 'link:../far' },
    }),
    'lib/main.js': '',
    'index.js': '',
    'test/a.js': '',
    'tools/tool/package.json': json({ name: 'tool', main: 'run' }),
    'tools/tool/run.js': '',
  };
  expect(leadsTo(files, 'test/a.js', '..', 'require')).toBe('lib/main.js');
  expect(leadsTo(files, 'test/a.js', '../tools/tool', 'require')).toBe('tools/tool/run.js');
  expect(leadsTo(files, 'test/a.js', 'tool', 'require')).toBe('tools/tool/run.js');
  expect(leadsTo(files, 'test/a.js', 'far', 'require')).toBeUndefined();
});

test('two packages of one name are not guessed between', () => {
  const files = {
    'package.json': json({ workspaces: ['a/*', 'b/*'] }),
    'a/one/package.json': json({ name: 'same' }),
    'a/one/index.ts': '',
    'b/two/package.json': json({ name: 'same' }),
    'b/two/index.ts': '',
    'main.ts': '',
  };
  expect(leadsTo(files, 'main.ts', 'same')).toBeUndefined();
});

test('a path into build output leads to what the compiler makes it from', () => {
  const files = {
    'package.json': json({ name: 'tool' }),
    'tsconfig.json': json({ compilerOptions: { outDir: './dist', rootDir: './src' } }),
    'src/cli/main.ts': '',
    'bin/tool.js': '',
    'dist.ts': '',
  };
  expect(leadsTo(files, 'bin/tool.js', '../dist/cli/main.js')).toBe('src/cli/main.ts');
  expect(leadsTo(files, 'bin/tool.js', '../dist/gone.js')).toBeUndefined();
});

test('a folder inside of a package may have a configuration for its own build output', () => {
  const files = {
    'package.json': json({ workspaces: ['packages/*'] }),
    'packages/ui/package.json': json({
      name: 'ui',
      exports: { './web': { types: './web/types/index.d.ts', import: './web/dist/web.js' } },
    }),
    'packages/ui/web/tsconfig.json': json({
      compilerOptions: { outDir: './types', rootDir: './src' },
    }),
    'packages/ui/web/src/index.ts': '',
    'packages/app/main.ts': '',
  };
  expect(leadsTo(files, 'packages/app/main.ts', 'ui/web')).toBe('packages/ui/web/src/index.ts');
});

test('without exports, a path into a package that is published from its build output is one into src', () => {
  const files = {
    'package.json': json({ workspaces: ['packages/*'] }),
    'packages/orm/package.json': json({ name: 'orm', main: './index.cjs' }),
    'packages/orm/src/index.ts': '',
    'packages/orm/src/core/index.ts': '',
    'packages/app/main.ts': '',
  };
  expect(leadsTo(files, 'packages/app/main.ts', 'orm')).toBe('packages/orm/src/index.ts');
  expect(leadsTo(files, 'packages/app/main.ts', 'orm/core')).toBe('packages/orm/src/core/index.ts');
  expect(leadsTo(files, 'packages/app/main.ts', 'orm/gone')).toBeUndefined();
});

test('a bundle is taken for the entry that the configuration of the bundler names', () => {
  const files = {
    'package.json': json({ workspaces: ['packages/*'] }),
    'packages/kit/package.json': json({
      name: 'kit',
      exports: {
        './control': './dist/control.mjs',
        './web': './dist/web.mjs',
        './twice': './dist/twice.mjs',
        './gone': './dist/gone.mjs',
      },
    }),
    'packages/kit/tsdown.config.ts': `export default defineConfig([
      { entry: ['src/exports/control.ts', './src/a/twice.ts', './src/b/twice.ts', 'src/gone.ts'] },
      { entry: { web: 'src/browser/main.tsx' } },
    ])`,
    'packages/kit/src/exports/control.ts': '',
    'packages/kit/src/control.test.ts': '',
    'packages/kit/src/a/twice.ts': '',
    'packages/kit/src/b/twice.ts': '',
    'packages/kit/src/browser/main.tsx': '',
    'packages/app/main.ts': '',
  };
  const from = 'packages/app/main.ts';
  expect(leadsTo(files, from, 'kit/control')).toBe('packages/kit/src/exports/control.ts');
  expect(leadsTo(files, from, 'kit/web')).toBe('packages/kit/src/browser/main.tsx');
  expect(leadsTo(files, from, 'kit/twice')).toBeUndefined();
  expect(leadsTo(files, from, 'kit/gone')).toBeUndefined();
});

test('the file for developers of a package counts only where the one for everybody is still to be built', () => {
  const files = {
    'package.json': json({
      name: 'tool',
      imports: {
        '#is-development': { development: './true.ts', default: './false.ts' },
        '#built': { development: './true.ts', default: './dist/built.js' },
      },
    }),
    'true.ts': '',
    'false.ts': '',
    'main.ts': '',
  };
  expect(leadsTo(files, 'main.ts', '#is-development')).toBe('false.ts');
  expect(leadsTo(files, 'main.ts', '#built')).toBe('true.ts');
});

test('paths are not for a JavaScript file that has the package from a registry or from the workspace', () => {
  const files = {
    'package.json': json({ name: 'root', workspaces: ['packages/*'] }),
    'tsconfig.json': json({
      compilerOptions: { paths: { store: ['./src/index.ts'], lib: ['./packages/lib/src'] } },
    }),
    'src/index.ts': '',
    'packages/lib/package.json': json({ name: 'lib', main: './index.js' }),
    'packages/lib/index.js': '',
    'packages/lib/src/index.ts': '',
    'examples/demo/package.json': json({ name: 'demo', dependencies: { store: '^4.3.9' } }),
    'examples/demo/main.js': '',
    'test/main.js': '',
    'test/main.ts': '',
  };
  expect(leadsTo(files, 'examples/demo/main.js', 'store')).toBeUndefined();
  expect(leadsTo(files, 'test/main.js', 'store')).toBe('src/index.ts');
  // A configuration without `allowJs` includes no JavaScript.
  expect(leadsTo(files, 'test/main.js', 'lib', 'require')).toBe('packages/lib/index.js');
  expect(leadsTo(files, 'test/main.ts', 'lib')).toBe('packages/lib/src/index.ts');
});

test('what is excluded with all that is below it finds the next configuration', () => {
  const files = {
    'tsconfig.json': json({
      include: ['**/*'],
      exclude: ['./sealed/**'],
      compilerOptions: { paths: { '~outer': ['./outer.ts'] } },
    }),
    'sealed/tsconfig.json': json({ include: ['src'], compilerOptions: { paths: {} } }),
    'sealed/tests/a.ts': '',
    'open/a.ts': '',
    'outer.ts': '',
  };
  expect(leadsTo(files, 'open/a.ts', '~outer')).toBe('outer.ts');
  expect(leadsTo(files, 'sealed/tests/a.ts', '~outer')).toBeUndefined();
});

test('configurations that cannot be read, or go in circles, say nothing', () => {
  const files = {
    'tsconfig.json':
      '{ "extends": "./other.json", "compilerOptions": { "paths": { "@/*": ["src/*"] } }',
    'nested/tsconfig.json': json({ extends: './circle.json', compilerOptions: { baseUrl: '.' } }),
    'nested/circle.json': json({ extends: './tsconfig.json' }),
    'nested/a.ts': '',
    'nested/b.ts': '',
    'package.json': 'null',
    'src/x.ts': '',
  };
  expect(leadsTo(files, 'src/x.ts', '@/x')).toBeUndefined();
  expect(leadsTo(files, 'nested/a.ts', 'b')).toBe('nested/b.ts');
});
