import { expect, test } from 'vitest';
import { formatAge, formatDuration, secondsSince } from './format-time.ts';

test('an age is told in one unit, a duration in at most two', () => {
  expect([5, 60, 3_599, 7_200, 90_000].map(formatAge)).toEqual(['now', '1m', '59m', '2h', '1d']);
  expect([40, 720, 3_600, 12_000, 360_000].map(formatDuration)).toEqual([
    '40s',
    '12m',
    '1h',
    '3h 20m',
    '4d 4h',
  ]);
});

test('a time in the future counts as now: clocks differ', () => {
  expect(secondsSince('2026-01-01T00:00:10.000Z', Date.parse('2026-01-01T00:00:00.000Z'))).toBe(0);
});
