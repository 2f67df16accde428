import { expect, test } from 'vitest';
import { createPatience } from './patience.ts';

/** How many reports, each so many milliseconds after the one before, are heard until it is over. */
function reportsOf(step: (report: number) => number, most = 100_000): number {
  let time = 0;
  const isOver = createPatience(() => time);
  for (let report = 0; report < most; report++) {
    time += step(report);
    if (isOver()) return report;
  }
  return most;
}

test('a parser that reports often has its time, and no more', () => {
  expect(reportsOf(() => 0.25)).toBe(100_000);
  const slow = reportsOf(() => 0.9);
  expect(slow * 0.9).toBeGreaterThan(29_000);
  expect(slow * 0.9).toBeLessThan(31_000);
});

test('one that needs ever longer for a step is given up soon', () => {
  expect(reportsOf((report) => report)).toBeLessThan(100);
});

test('one that was stopped for hours has not had its time', () => {
  expect(reportsOf((report) => (report % 10_000 === 0 ? 3_600_000 : 0.1))).toBe(100_000);
});
