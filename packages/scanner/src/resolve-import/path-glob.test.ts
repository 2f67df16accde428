import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathMatcher } from './path-glob.ts';

/** The same said as a regular expression, which is easier to read, and can take for ever. */
function toPattern(glob: string): string {
  return glob
    .split('/')
    .map((part, index, parts) => {
      if (part === '**') return '(?:(?!node_modules/)[^/.][^/]*/)*';
      const name = part.replace(/[.]/g, '\\.').replace(/\*/g, '[^/]*').replace(/\?/g, '[^/]');
      return index < parts.length - 1 ? `${name}/` : name;
    })
    .join('');
}

const parts = ['**', '*', 'a', 'a*', '*b', '?', 'a?c', '*a*b*', '.x', 'node_modules', '*.ts', ''];
const names = ['a', 'b', 'ab', 'abc', 'aab', '.x', 'node_modules', 'a.ts', 'b.d.ts'];
const joined = (of: string[], least: number) =>
  fc.array(fc.constantFrom(...of), { minLength: least, maxLength: 6 }).map((all) => all.join('/'));

test('patterns mean what a regular expression for them would', () => {
  fc.assert(
    fc.property(joined(parts, 1), joined(names, 1), (pattern, path) => {
      const whole = new RegExp(`^${toPattern(pattern)}$`).test(path);
      const below = new RegExp(`^${toPattern(pattern)}(?:/|$)`).test(path);
      expect(pathMatcher([pattern], 'whole')(path)).toBe(whole);
      expect(pathMatcher([pattern], 'below')(path)).toBe(below);
    }),
    { numRuns: 2_000 },
  );
});

test('patterns and names made to be tried in all ways are told apart at once', () => {
  const name = `${'a'.repeat(250)}.ts`;
  const deep = `${'d/'.repeat(60)}x.ts`;
  expect(pathMatcher([`${'*a'.repeat(100)}b.ts`], 'whole')(name)).toBe(false);
  expect(pathMatcher([`${'*a'.repeat(100)}*.ts`], 'whole')(name)).toBe(true);
  expect(pathMatcher([`${'**/'.repeat(100)}y.ts`], 'whole')(deep)).toBe(false);
  expect(pathMatcher([`${'**/*/'.repeat(60)}x.ts`], 'whole')(deep)).toBe(true);
});
