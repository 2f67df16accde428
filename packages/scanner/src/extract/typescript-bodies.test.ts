import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { grammarsDir } from '@codepakt/grammars';
import { expect, test } from 'vitest';
import { collectFiles } from '../collect-files.ts';
import { loadGrammars } from '../grammar.ts';
import { languageOf } from '../languages.ts';
import { parse } from '../parse-file.ts';
import { extractText } from '../testing/extract-text.ts';
import { marked } from '../testing/marked.ts';
import { typescriptExtractor } from './typescript.ts';
import { findBodies } from './typescript-bodies.ts';

/** Long enough to be passed over; brackets in strings, comments and expressions that could mislead. */
const BODY = ` return a / b / '}' + "{" + \`}\${'}' + { c: \`{\` }}\` + /[}/]{'"\`/.test(c); /* } */ // {\n`;

test.each([
  ['a function', 'function f(a = { b: 1 }) {•}'],
  [
    'what it returns',
    'export async function* f<T extends (a: T) => { b: 1 }>(a: T): Map<T, {}> {•}',
  ],
  ['an object type', 'function f(): { a: string } {•}'],
  ['a promise to be something', 'function f(a: unknown): asserts a is { b: 1 } {•}'],
  ['a function type', 'function f(): (a: string) => Promise<void> {•}'],
  [
    'overloads',
    'function f(a: string): string\nfunction f(a: number): A[]\nfunction f(a: any): any {•}',
  ],
  ['an arrow function', 'export const f = async (a: A): Promise<A> => {•};'],
  ['a function given to another', 'test("a", function () {•}, () => {•});'],
  ['methods', 'class A { b() {•} static async *[c](d: D) {•} #e(): E | null {•} "f"() {•} }'],
  [
    'accessors and a constructor',
    'class A { get b(): B {•} set b(b) {•} constructor(private c: C) {•} }',
  ],
  [
    'methods without bodies before',
    'abstract class A { abstract b(): B\n c(): C\n c(d?: D): C {•} }',
  ],
  ['members that hold functions', 'class A { b = () => {•}; c: C = d(); e = f(1)\n g() {•} }'],
  ['a class with decorators', '@a({ b: 1 }) class A { @b() c() {•} @d({ e }) f = { g: 1 }; }'],
  [
    'a class made of a call',
    'class A extends b(C, { d: 1 }) implements E<{ f: 1 }>, G { h() {•} }',
  ],
  ['a class without a name', 'register(class extends A { b() {•} }); const c = class { d() {•} };'],
  [
    'a class in a namespace',
    'declare global { } namespace A.B { export class C<D = {}> { e() {•} } }',
  ],
  [
    'words that are names',
    'const a = { class: 1, function: 2, b: c.class }; class D { class = 1; e() {•} }',
  ],
  ['a template type', `class A { b(): \`\${string}-\${number}\` {•} }`],
  ['a line for people', '#!/usr/bin/env node\nfunction f() {•}'],
])('of %s are found', (_, form) => {
  const text = form.replaceAll('•', BODY);
  expect(marked(text, findBodies(text))).toBe(form.replaceAll('•', `«${BODY}»`));
});

test.each([
  [
    'blocks',
    `if (a) {${BODY}} for (const b of c) {${BODY}} switch (d) {${BODY}} try {${BODY}} catch (e) {${BODY}}`,
  ],
  ['objects', `const a = { b: 1, c: [{ d: 'a string of some length' }] };`],
  ['methods of objects', `const a = { b() {${BODY}} };`],
  [
    'types',
    'interface A { b(): { c: string }; d: { e: string; f: string } } type G = { h: string };',
  ],
  ['modules after a declaration', `declare function f(): void\ndeclare module 'a' {${BODY}}`],
  ['enums and imports', `import { aLongName, another } from 'a'; enum B { aLongName, another }`],
  [
    'what may import',
    `function f() { return aLongName(import('./a')); } const g = () => { require ('b').aName(); };`,
  ],
  ['little', 'function f() { return 1; }'],
])('%s are left to the parser', (_, text) => {
  expect(findBodies(text)).toEqual([]);
});

test.each([
  ['a bracket too many', 'function f() {•}}'],
  ['a bracket too few', 'function f() {•'],
  ['brackets that cross', 'function f(a]) {•}'],
  ['a string without an end', `function f() {•}\nconst a = 'b\n`],
  ['a template without an end', 'function f() {•}\nconst a = `b${c`'],
  ['a comment without an end', 'function f() {•} /* a'],
  ['a slash after a block', 'function f() { if (a) { b } /c/.test(d); }'],
  ['a slash after a comment', 'function f() { return [ // a\n/b/, // c\n/d/ ]; }'],
])('nothing is certain of a text with %s', (_, form) => {
  expect(findBodies(form.replaceAll('•', BODY))).toBeUndefined();
});

test('what is passed over does not hide an error around it, and one in it hides nothing', async () => {
  const method = `b() {${BODY}}`;
  const outside = await extractText('a.ts', `class A { ${method} } class { { const c = 1;`);
  expect(outside.has_errors).toBe(true);
  const inside = await extractText(
    'a.ts',
    `class A { b() { ++ ++ return return return (] } c() {} }`,
  );
  expect(inside.symbols.map(({ name }) => name)).toContain('A');
});

test('of more bodies than a parser bears all symbols are found', async () => {
  const names = Array.from({ length: 1_000 }, (_, n) => `f${n}`);
  const { symbols } = await extractText(
    'many.ts',
    names.map((name, n) => `function ${name}() {${BODY.repeat(1 + (n % 3))}}\n`).join(''),
  );
  expect(symbols.map(({ name }) => name)).toEqual(names);
});

test('the files of this project yield the same when nothing is passed over', async () => {
  const root = fileURLToPath(new URL('../../../..', import.meta.url));
  const grammars = loadGrammars(grammarsDir);
  const { files } = await collectFiles(root);
  let passedOver = 0;
  for (const { path } of files.filter((file) => file.path.endsWith('.ts'))) {
    const text = readFileSync(join(root, path), 'utf8');
    const language = languageOf(path);
    if (language === undefined) throw new Error(`${path} is of no known language`);
    const { findBodies: _, ...extractor } = language.extractor;
    const yields = [language, { ...language, extractor }].map(async (entry) => {
      const tree = await parse(grammars, entry, path, text);
      if (tree === null) throw new Error(`${path} took too long`);
      const result = typescriptExtractor.extract({ path, text, root: tree.rootNode });
      tree.delete();
      return result;
    });
    const [quick, whole] = await Promise.all(yields);
    expect(quick, path).toEqual(whole);
    passedOver += findBodies(text)?.length ?? 0;
  }
  expect(passedOver).toBeGreaterThan(1_000);
});
