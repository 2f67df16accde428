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

/** A glob that matches a path: some of its folders are left to wildcards. */
function globOf(path: readonly string[]): fc.Arbitrary<string> {
  const parts = path.map((name) =>
    fc.constantFrom([name], [name], ['*'], [`${name[0]}*`], [`[${name[0]}]*`], ['**']),
  );
  return fc.tuple(...parts).map((chosen) => chosen.flat().join('/'));
}

test('an overlap is never missed', () => {
  const folder = fc.constantFrom('src', 'lib', 'a', 'b');
  const file = fc.array(folder, { minLength: 1, maxLength: 5 });
  const matched = file.chain((path) => fc.tuple(fc.constant(path), globOf(path), globOf(path)));
  fc.assert(
    fc.property(matched, ([path, a, b]) => {
      expect(matchesGlob(path.join('/'), a) && matchesGlob(path.join('/'), b)).toBe(true);
      expect(globsOverlap(a, b)).toBe(true);
    }),
    { numRuns: 300 },
  );
});
