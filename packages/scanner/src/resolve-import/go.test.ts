import { expect, test } from 'vitest';
import { treeOf } from '../testing/tree-of.ts';
import { createGoResolver } from './go.ts';

function leadsTo(files: Record<string, string>, importer: string, specifier: string): string[] {
  const names = [{ name: '*', alias: null }];
  return createGoResolver(treeOf(files)).resolve(importer, {
    specifier,
    names,
    kind: 'import',
    line: 1,
  });
}

const module = {
  'go.mod': 'module example.com/app // the app\n\ngo 1.22\n',
  'main.go': '',
  'internal/store/store.go': '',
  'internal/store/store_test.go': '',
  'onlytests/only_test.go': '',
  'assets/_ignored.go': '',
};

test('an import path leads to the folder of the package in its module', () => {
  expect(leadsTo(module, 'main.go', 'example.com/app/internal/store')).toEqual(['internal/store/']);
  expect(leadsTo(module, 'internal/store/store_test.go', 'example.com/app')).toEqual(['./']);
});

test('what lies outside, does not exist or has no package leads nowhere', () => {
  for (const path of [
    'fmt',
    'C',
    'store',
    'internal/store',
    'example.com/application/internal/store',
    'example.com/app/gone',
    'example.com/app/onlytests',
    'example.com/app/assets',
  ]) {
    expect(leadsTo(module, 'main.go', path)).toEqual([]);
  }
});

test('a nested module has its own path, and the longest path wins', () => {
  const files = {
    ...module,
    'tools/go.mod': 'module "example.com/app/tools"',
    'tools/lint/lint.go': '',
    'other/go.mod': 'module example.com/other',
    'other/x/x.go': '',
  };
  expect(leadsTo(files, 'main.go', 'example.com/app/tools/lint')).toEqual(['tools/lint/']);
  expect(leadsTo(files, 'tools/lint/lint.go', 'example.com/app/internal/store')).toEqual([
    'internal/store/',
  ]);
  expect(leadsTo(files, 'main.go', 'example.com/other/x')).toEqual(['other/x/']);
  expect(leadsTo(files, 'main.go', 'example.com/app/other/x')).toEqual([]);
});

test('a replacement leads to a folder of the project, alone, in a list or from go.work', () => {
  const files = {
    'go.work': 'use (\n\t./a\n\t./b\n)\nreplace example.com/worked => ./c\n',
    'a/go.mod': [
      'module example.com/a',
      'replace example.com/old v1.0.0 => ../b',
      'replace (',
      '\texample.com/listed => ../b/sub // why',
      '\texample.com/elsewhere => example.com/fork v1.2.3',
      ')',
    ].join('\r\n'),
    'a/a.go': '',
    'b/go.mod': 'module example.com/b',
    'b/b.go': '',
    'b/sub/sub.go': '',
    'c/c.go': '',
  };
  expect(leadsTo(files, 'a/a.go', 'example.com/old')).toEqual(['b/']);
  expect(leadsTo(files, 'a/a.go', 'example.com/old/sub')).toEqual(['b/sub/']);
  expect(leadsTo(files, 'a/a.go', 'example.com/listed')).toEqual(['b/sub/']);
  expect(leadsTo(files, 'a/a.go', 'example.com/elsewhere')).toEqual([]);
  expect(leadsTo(files, 'a/a.go', 'example.com/worked')).toEqual(['c/']);
  expect(leadsTo(files, 'b/b.go', 'example.com/old')).toEqual([]);
});

test('vendor beside go.mod holds what comes from outside', () => {
  const files = {
    ...module,
    'vendor/github.com/x/y/y.go': '',
    'nested/go.mod': 'module example.com/nested',
    'nested/n.go': '',
  };
  expect(leadsTo(files, 'internal/store/store.go', 'github.com/x/y')).toEqual([
    'vendor/github.com/x/y/',
  ]);
  expect(leadsTo(files, 'nested/n.go', 'github.com/x/y')).toEqual([]);
});

test('modules in testdata are for those beside them, and a path claimed twice is nobody’s', () => {
  const files = {
    ...module,
    'testdata/one/go.mod': 'module example.com/m',
    'testdata/one/p/p.go': '',
    'testdata/one/use.go': '',
    'x/go.mod': 'module example.com/twice',
    'x/p/p.go': '',
    'y/go.mod': 'module example.com/twice',
    'y/p/p.go': '',
    'y/y.go': '',
  };
  expect(leadsTo(files, 'main.go', 'example.com/m/p')).toEqual([]);
  expect(leadsTo(files, 'testdata/one/use.go', 'example.com/m/p')).toEqual(['testdata/one/p/']);
  expect(leadsTo(files, 'main.go', 'example.com/twice/p')).toEqual([]);
  expect(leadsTo(files, 'y/y.go', 'example.com/twice/p')).toEqual(['y/p/']);
});

test('the standard library finds itself and what it vendors', () => {
  const files = {
    'src/go.mod': 'module std',
    'src/fmt/print.go': '',
    'src/os/file.go': '',
    'src/vendor/golang.org/x/net/http.go': '',
    'src/cmd/go.mod': 'module cmd',
    'src/cmd/go/main.go': '',
    'src/cmd/internal/obj/obj.go': '',
  };
  expect(leadsTo(files, 'src/fmt/print.go', 'os')).toEqual(['src/os/']);
  expect(leadsTo(files, 'src/fmt/print.go', 'golang.org/x/net')).toEqual([
    'src/vendor/golang.org/x/net/',
  ]);
  expect(leadsTo(files, 'src/cmd/go/main.go', 'cmd/internal/obj')).toEqual([
    'src/cmd/internal/obj/',
  ]);
});

test('before there were modules: a GOPATH, vendor in any folder around, and relative paths', () => {
  const files = {
    'src/github.com/me/app/main.go': '',
    'src/github.com/me/app/lib/lib.go': '',
    'src/github.com/me/app/vendor/dep/dep.go': '',
  };
  const importer = 'src/github.com/me/app/lib/lib.go';
  expect(leadsTo(files, importer, 'github.com/me/app')).toEqual(['src/github.com/me/app/']);
  expect(leadsTo(files, importer, 'dep')).toEqual(['src/github.com/me/app/vendor/dep/']);
  expect(leadsTo(files, importer, '../lib')).toEqual(['src/github.com/me/app/lib/']);
  expect(leadsTo(files, importer, '../../../../../../out')).toEqual([]);
});
