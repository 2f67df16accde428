import { expect, test } from 'vitest';
import { extractText } from '../testing/extract-text.ts';

/** Long enough that work which grows with the square of it would outlast the test. */
const LENGTH = 300_000;

function fill(piece: string, length = LENGTH): string {
  return piece.repeat(Math.ceil(length / piece.length));
}

test.each([
  ['a page of comments', `def f():\n  pass\n${fill('  # a\n')}x = 1\n`, ['f', 'x']],
  ['comments at the end', `class A:\n  def f(self):\n    pass\n${fill('    # a\n')}`, ['A', 'f']],
  ['spaces in a header', `def f(a${fill(' ')}b): pass`, ['f']],
  ['line breaks in a header', `def f(a${fill('\n')}, b): pass`, ['f']],
  [
    'words that look like imports',
    `def f():\n  "${fill('import ')}"\n${fill('  "yield"\n')}`,
    ['f'],
  ],
  [
    'words that look like guards',
    `def f():\n  import a\n  ${fill('x if y else ')}TYPE_CHECKING`,
    ['f'],
  ],
  [
    'calls that look like imports',
    `x = "${fill('import_module("a") '.replaceAll('"', "'"))}"`,
    ['x'],
  ],
  ['targets within targets', `${'('.repeat(5000)}a,${')'.repeat(5000)} = 1`, ['a']],
  ['lists joined to __all__', `__all__ = ${'["a"] + '.repeat(20_000)}[]\na = 1`, ['__all__', 'a']],
  ['a chain of assignments', `${'a = '.repeat(2000)}1`, Array(2000).fill('a')],
])('Python: %s', async (_, text, names) => {
  const { symbols } = await extractText('hostile.py', text);
  expect(symbols.map((symbol) => symbol.name)).toEqual(names);
});

test('Python: more imports in one function than anyone writes', async () => {
  const text = `def f():\n${'  import a\n'.repeat(30_000)}`;
  const { imports } = await extractText('hostile.py', text);
  expect(imports).toHaveLength(30_000);
});

test.each([
  ['spaces after a declaration', `var a int${fill(' ')}\n`, ['a']],
  ['spaces before a type', `var a${fill(' ')}int\n`, ['a']],
  ['line breaks among parameters', `func f(a${fill('\n')}, b int) {}`, ['f']],
  ['comments on one line', `const ${fill('/* a */')}(a = 1)`, ['a']],
  ['comments above a function', `${fill('// a\n')}func f() {}`, ['f']],
  ['structs within structs', `type T ${'struct { a '.repeat(5000)}int${' }'.repeat(5000)}`, null],
  ['a letter that goes on', `import (\n${fill('a')}\n)\nvar b int`, null],
  ['heads of functions without an end', fill('func a(\n'), null],
])('Go: %s', async (_, text, names) => {
  const { symbols } = await extractText('hostile.go', `package hostile\n\n${text}`);
  if (names) expect(symbols.map((symbol) => symbol.name)).toEqual(names);
  else expect(symbols.length).toBeLessThan(100);
});

test('Go: build constraints are looked for once', async () => {
  for (const header of [`// +build${fill(' ')}`, `//${fill(' ')}`, fill('/*')]) {
    const { symbols } = await extractText('hostile.go', `${header}\npackage hostile\n`);
    expect(symbols).toEqual([]);
  }
});

test.each([
  ['classes.py', `class A:\n  x = 1\n${fill('class A {')}`],
  ['namespaces.ts', `${'export namespace A { '.repeat(300)}${'}'.repeat(300)}`],
  ['fields.go', `package a\ntype ${fill('A')} struct {\n${fill('b int; ')}\n}\n`],
])('%s: what members belong to does not grow with the square of the text', async (path, text) => {
  const { symbols } = await extractText(path, text);
  const length = symbols.reduce((sum, { parent }) => sum + (parent?.length ?? 0), 0);
  expect(symbols.length).toBeGreaterThan(200);
  expect(length).toBeLessThan(600 * symbols.length);
});
