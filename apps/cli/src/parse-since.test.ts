import { expect, test } from 'vitest';
import { parseSince } from './parse-since.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

test('since when: so long ago, or a time, in any zone', () => {
  expect(parseSince('90s', now)).toBe('2026-03-01T11:58:30.000Z');
  expect(parseSince('2d', now)).toBe('2026-02-27T12:00:00.000Z');
  expect(parseSince('2026-01-31', now)).toBe('2026-01-31T00:00:00.000Z');
  expect(parseSince('2026-01-31T12:00Z', now)).toBe('2026-01-31T12:00:00.000Z');
  expect(parseSince('2026-01-31T12:00:05.5+02:00', now)).toBe('2026-01-31T10:00:05.500Z');
  expect(parseSince('2026-01-31 12:00', now)).toBe(new Date('2026-01-31T12:00').toISOString());
});

test('so long ago that there was nothing is from the beginning', () => {
  expect(parseSince('1000000d', now)).toBe('1970-01-01T00:00:00.000Z');
});

test.each([
  '30',
  '90',
  '1',
  'foo 1',
  'yesterday',
  '2h ago',
  '-1h',
  '2026',
  '2026-02-30',
  '2026-13-01',
  '2026-01-31T25:00Z',
  'Nov 22 2026',
  '',
])('%j is no time, and is not taken for one', (text) => {
  expect(() => parseSince(text, now)).toThrow('must be like 2h or 2026-01-31T12:00Z');
});
