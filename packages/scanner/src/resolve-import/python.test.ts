import { expect, test } from 'vitest';
import { treeOf } from '../testing/tree-of.ts';
import { createPythonResolver } from './python.ts';

/** Where `from SPECIFIER import NAMES` in `importer` leads; without names, `import SPECIFIER`. */
function leadsTo(
  files: readonly string[] | Record<string, string>,
  importer: string,
  specifier: string,
  ...names: string[]
): string[] {
  const imported = names.length > 0 ? names : ['*'];
  return createPythonResolver(treeOf(files)).resolve(importer, {
    specifier,
    names: imported.map((name) => ({ name, alias: null })),
    kind: 'import',
    line: 1,
  });
}

const pkg = ['app/__init__.py', 'app/main.py', 'app/models/__init__.py', 'app/models/user.py'];

test('a dotted name leads to the file of the module, not to those of the packages around it', () => {
  expect(leadsTo(pkg, 'app/main.py', 'app.models.user')).toEqual(['app/models/user.py']);
  expect(leadsTo(pkg, 'app/main.py', 'app.models')).toEqual(['app/models/__init__.py']);
});

test('what is taken from a package may be a module of it, or stand in its own file', () => {
  expect(leadsTo(pkg, 'app/main.py', 'app.models', 'user')).toEqual(['app/models/user.py']);
  expect(leadsTo(pkg, 'app/main.py', 'app.models', 'user', 'User')).toEqual([
    'app/models/__init__.py',
    'app/models/user.py',
  ]);
  expect(leadsTo(pkg, 'app/main.py', 'app.models', '*')).toEqual(['app/models/__init__.py']);
});

test('leading dots count packages upwards from the importer', () => {
  expect(leadsTo(pkg, 'app/models/user.py', '.', 'helpers')).toEqual(['app/models/__init__.py']);
  expect(leadsTo(pkg, 'app/models/user.py', '..', 'main')).toEqual(['app/main.py']);
  expect(leadsTo(pkg, 'app/models/user.py', '..main', 'run')).toEqual(['app/main.py']);
  expect(leadsTo(pkg, 'app/models/__init__.py', '.user', 'User')).toEqual(['app/models/user.py']);
  expect(leadsTo(pkg, 'app/models/user.py', '....main', 'run')).toEqual([]);
  expect(leadsTo(['a/b.py', 'a/c.py'], 'a/b.py', '.', 'c')).toEqual(['a/c.py']);
});

test('a module of another package is not found by its base name', () => {
  expect(leadsTo(pkg, 'app/main.py', 'user')).toEqual([]);
  expect(leadsTo(pkg, 'app/models/user.py', 'main')).toEqual([]);
  expect(leadsTo(pkg, 'app/main.py', 'requests')).toEqual([]);
  expect(leadsTo(pkg, 'app/main.py', 'app.models.gone')).toEqual([]);
});

test('a package goes before a module, and either before a namespace, as Python has it', () => {
  const files = ['x/__init__.py', 'x.py', 'n/a.py', 'n.py', 'main.py'];
  expect(leadsTo(files, 'main.py', 'x')).toEqual(['x/__init__.py']);
  expect(leadsTo(files, 'main.py', 'n')).toEqual(['n.py']);
  expect(leadsTo(files, 'main.py', 'n.a')).toEqual([]);
});

test('a namespace is gathered from every folder of the search path', () => {
  const files = {
    'one/pyproject.toml': '',
    'one/src/acme/one/__init__.py': '',
    'two/pyproject.toml': '',
    'two/src/acme/two/__init__.py': '',
    'main.py': '',
  };
  expect(leadsTo(files, 'one/src/acme/one/__init__.py', 'acme.two')).toEqual([
    'two/src/acme/two/__init__.py',
  ]);
  expect(leadsTo(files, 'main.py', 'acme', 'one', 'two')).toEqual([
    'one/src/acme/one/__init__.py',
    'two/src/acme/two/__init__.py',
  ]);
});

test('tests find what lies in src, and helpers beside themselves', () => {
  const files = ['src/app/__init__.py', 'src/app/core.py', 'tests/test_core.py', 'tests/tools.py'];
  expect(leadsTo(files, 'tests/test_core.py', 'app.core')).toEqual(['src/app/core.py']);
  expect(leadsTo(files, 'tests/test_core.py', 'tools')).toEqual(['tests/tools.py']);
});

test.each([
  ['pyproject.toml', '[tool.setuptools.packages.find]\nwhere = ["source"]'],
  ['pyproject.toml', '[tool.setuptools]\npackage-dir = {"" = "source"}'],
  ['pyproject.toml', '[tool.setuptools.package-dir]\n"" = "source"'],
  ['pyproject.toml', '[tool.poetry]\npackages = [{ include = "app", from = "source" }]'],
  ['pyproject.toml', '[tool.pytest.ini_options]\npythonpath = [\n  "source",\n]'],
  ['setup.cfg', '[options]\npackage_dir =\n    = source'],
  ['setup.py', "setup(packages=find_packages('source'))"],
  ['setup.py', "setup(package_dir={'': 'source'})"],
  ['mypy.ini', '[mypy]\nmypy_path = stubs:source'],
  ['pyrightconfig.json', '{ "extraPaths": ["source"] }'],
])('%s may name the folders to search: %s', (file, text) => {
  const files = { [file]: text, 'source/app/__init__.py': '', 'scripts/run.py': '' };
  expect(leadsTo(files, 'scripts/run.py', 'app')).toEqual(['source/app/__init__.py']);
});

test('a distribution of the project is found from another, unless two have the name', () => {
  const files = [
    'libs/a/pyproject.toml',
    'libs/a/alpha/__init__.py',
    'libs/a/shared/__init__.py',
    'libs/b/setup.py',
    'libs/b/shared/__init__.py',
    'libs/c/setup.py',
    'libs/c/gamma/__init__.py',
    'tests/data/d/setup.py',
    'tests/data/d/delta/__init__.py',
  ];
  expect(leadsTo(files, 'libs/c/gamma/__init__.py', 'alpha')).toEqual(['libs/a/alpha/__init__.py']);
  expect(leadsTo(files, 'libs/c/gamma/__init__.py', 'shared')).toEqual([]);
  expect(leadsTo(files, 'libs/a/alpha/__init__.py', 'shared')).toEqual([
    'libs/a/shared/__init__.py',
  ]);
  expect(leadsTo(files, 'libs/c/gamma/__init__.py', 'delta')).toEqual([]);
});

test('the standard library is not the project, unless a module surely takes its place', () => {
  const files = [
    'app/__init__.py',
    'app/types.py',
    'app/main.py',
    'space/logging.py',
    'space/main.py',
    'calendar/__init__.py',
    'code.py',
    'run.py',
  ];
  expect(leadsTo(files, 'app/main.py', 'types')).toEqual([]);
  expect(leadsTo(files, 'space/main.py', 'logging')).toEqual([]);
  expect(leadsTo(files, 'app/main.py', 'calendar')).toEqual(['calendar/__init__.py']);
  expect(leadsTo(files, 'run.py', 'code')).toEqual(['code.py']);
});

test('in a standard library its own modules are found', () => {
  const files = ['Lib/os.py', 'Lib/json/__init__.py', 'Lib/test/data/script.py'];
  expect(leadsTo(files, 'Lib/os.py', 'json')).toEqual(['Lib/json/__init__.py']);
  expect(leadsTo(files, 'Lib/test/data/script.py', 'json')).toEqual(['Lib/json/__init__.py']);
});

test('code prefers code, and stubs prefer stubs', () => {
  const files = ['m.py', 'm.pyi', 'only.pyi', 'a.py', 'b.pyi'];
  expect(leadsTo(files, 'a.py', 'm')).toEqual(['m.py']);
  expect(leadsTo(files, 'b.pyi', 'm')).toEqual(['m.pyi']);
  expect(leadsTo(files, 'a.py', 'only')).toEqual(['only.pyi']);
});

test('a project that is a package itself finds its modules by dots', () => {
  const files = ['__init__.py', 'a.py', 'b.py'];
  expect(leadsTo(files, 'a.py', '.', 'b', 'c')).toEqual(['__init__.py', 'b.py']);
  expect(leadsTo(files, 'a.py', '..', 'b')).toEqual([]);
});
