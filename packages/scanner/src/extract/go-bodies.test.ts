import { expect, test } from 'vitest';
import { extractText } from '../testing/extract-text.ts';
import { marked } from '../testing/marked.ts';
import { findBodies } from './go-bodies.ts';

/** Brackets in strings, runes and comments that could mislead. */
const BODY =
  "\n\tx := \"}\" + `\n}` + string('}') + string('\\'') // }\n\treturn x /* } */ / 2 {}\n";

test.each([
  ['a function', 'func f() {•}'],
  ['a method', 'func (a *A[T]) f(b int) (c string, err error) {•}'],
  ['one with type parameters', 'func Map[T, U any, S ~[]T](s S, f func(T) U) []U {•}'],
  ['one that takes types', 'func f(a interface{ B() }, c struct { d int }) {•}'],
  [
    'one that returns types',
    'func f() struct{ a int } {•}\nfunc g() interface{} {•}\nfunc h() (map[string]struct{}, func(interface{}) error) {•}',
  ],
  ['one over lines', 'func f(\n\ta int, // {\n\tb string,\n) (\n\terror,\n) {•}'],
  ['one after others without bodies', 'func f(a int) int\nfunc g() {•}'],
  [
    'one after strings and comments',
    'var a = `\nfunc f() {`\n/*\nfunc g() {\n*/\n// func {\nvar b = "{"\nfunc h() {•}',
  ],
])('of %s are found', (_, form) => {
  const text = form.replaceAll('•', BODY);
  expect(marked(text, findBodies(text))).toBe(form.replaceAll('•', `«${BODY}»`));
});

test.each([
  [
    'types',
    'type A struct {\n\tb func() error\n\tc struct { d int }\n}\ntype E interface {\n\tF()\n}',
  ],
  ['values', 'var a = func() int { return 1 }\nvar (\n\tb = map[string]int{"{": 1}\n)'],
])('%s are left to the parser', (_, text) => {
  expect(findBodies(text)).toEqual([]);
});

test.each([
  ['a bracket too many', 'func f() {}\n}'],
  ['a bracket too few', 'func f() {\n\tif a {\n}\nfunc g() {\n'],
  ['a string without an end', 'var a = `func f() {}\n'],
  ['a comment without an end', 'func f() {\n/* }\n'],
])('nothing is certain of a text with %s', (_, text) => {
  expect(findBodies(text)).toBeUndefined();
});

test('what is passed over does not hide what stands around it', async () => {
  const text = `package a\n\nfunc F() {${BODY}}\n\ntype T struct{ A int }\n\nfunc (t *T) M() error {${BODY}}\n`;
  const { symbols } = await extractText('a.go', text);
  expect(symbols.map(({ name, line, end_line }) => [name, line, end_line])).toEqual([
    ['F', 3, 7],
    ['T', 9, 9],
    ['A', 9, 9],
    ['M', 11, 15],
  ]);
});
