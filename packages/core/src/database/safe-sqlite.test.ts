import { expect, test } from 'vitest';
import { isSafeSqlite } from './safe-sqlite.ts';

test.each([
  ['3.51.2', false],
  ['3.51.3', true],
  ['3.52.0', true],
  ['4.0.0', true],
  ['3.50.6', false],
  ['3.50.7', true],
  ['3.44.6', true],
  ['3.44.5', false],
])('SQLite %s is free of the defect at checkpoints: %s', (version, isSafe) => {
  expect(isSafeSqlite(version)).toBe(isSafe);
});
