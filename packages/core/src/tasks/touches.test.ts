import { matchesGlob } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { globsOverlap } from './touches.ts';

test.each([
  ['src/auth/**', 'src/auth/login.ts', true],
  ['src/auth', 'src/auth/login.ts', true],
  ['src/auth/**', 'src/authentication/a.ts', false],
  ['src/a.ts', 'src/b.ts', false],
  ['./src//a.ts', 'src/a.ts', true],
  ['SRC/a.ts', 'src/A.ts', true],
  ['**/*.md', 'src/a.ts', true],
  ['src/{a,b}/x.ts', 'src/a/x.ts', true],
  ['../other/a.ts', 'src/a.ts', true],
])('%s and %s: %s', (a, b, expected) => {
  expect(globsOverlap(a, b)).toBe(expected);
  expect(globsOverlap(b, a)).toBe(expected);
});

test('an overlap is never missed', () => {
  const folder = fc.constantFrom('src', 'lib', 'a', 'b');
  const part = fc.constantFrom('src', 'lib', 'a', 'b', '*', '**', 'a*', '[ab]', '?');
  const glob = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
  const path = fc.array(folder, { minLength: 1, maxLength: 5 }).map((parts) => parts.join('/'));
  fc.assert(
    fc.property(glob, glob, path, (a, b, file) => {
      fc.pre(matchesGlob(file, a) && matchesGlob(file, b));
      expect(globsOverlap(a, b)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
