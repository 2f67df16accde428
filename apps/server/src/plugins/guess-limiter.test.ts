import { expect, test } from 'vitest';
import { GuessLimiter } from './guess-limiter.ts';

test('the first wrong guesses are free, then each doubles the wait of its address', () => {
  let now = 0;
  const limiter = new GuessLimiter(() => now);
  const waits = Array.from({ length: 12 }, () => {
    limiter.count('a');
    return limiter.secondsToWait('a');
  });
  expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]);
  expect(limiter.secondsToWait('b')).toBe(0);

  now += 59_500;
  expect(limiter.secondsToWait('a')).toBe(1);
  now += 500;
  expect(limiter.secondsToWait('a')).toBe(0);
});

test('who knows the token starts anew', () => {
  const limiter = new GuessLimiter(() => 0);
  for (let n = 0; n < 6; n += 1) limiter.count('a');
  limiter.forget('a');
  expect(limiter.secondsToWait('a')).toBe(0);
});

test('it remembers a bounded number of addresses', () => {
  const limiter = new GuessLimiter(() => 0);
  for (let n = 0; n < 7; n += 1) limiter.count('first');
  for (let n = 0; n < 10_000; n += 1) limiter.count(`address ${n}`);
  expect(limiter.secondsToWait('first')).toBe(0);
});
