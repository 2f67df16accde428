import { describe, expect, test } from 'vitest';
import { TaskBatch, TaskInput } from './task.ts';
import { check, inputErrors, validatorOf } from './validate.ts';

describe('what is wrong with an input', () => {
  test('is told field by field, in lists too', () => {
    const wrong = { title: '', tags: ['a', ''], colour: 'red', priority: 'P9' };
    expect(inputErrors(validatorOf(TaskBatch), { tasks: [{ title: 'fine' }, wrong] })).toEqual(
      expect.arrayContaining([
        { path: '/tasks/1/tags/1', message: 'is empty' },
        { path: '/tasks/1/title', message: 'is empty' },
        { path: '/tasks/1/colour', message: 'is not a known field' },
        { path: '/tasks/1/priority', message: expect.stringContaining('P0, P1, P2') },
      ]),
    );
    expect(inputErrors(validatorOf(TaskBatch), { tasks: [] })).toEqual([
      { path: '/tasks', message: 'is empty' },
    ]);
  });

  test('of a list that is too long is just that, however long it is', () => {
    const tasks = new Array(3_000_000).fill(0);
    const began = Date.now();
    expect(inputErrors(validatorOf(TaskBatch), { tasks })).toEqual([
      { path: '/tasks', message: 'has 3,000,000 entries; the limit is 1,000' },
    ]);
    expect(Date.now() - began).toBeLessThan(1_000);
  });

  test('is said in the words of who gave it: the field, or the whole where that is wrong', () => {
    expect(() => check(TaskInput, { title: 'x', tags: [''] }, 'body')).toThrow(
      /^tags\/0 is empty$/,
    );
    expect(() => check(TaskInput, [], 'body')).toThrow(/^body /);
  });

  test('is told twenty times at most', () => {
    const tags = new Array(100).fill('');
    expect(inputErrors(validatorOf(TaskInput), { title: 'x', tags })).toHaveLength(20);
  });
});
