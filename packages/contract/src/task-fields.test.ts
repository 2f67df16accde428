import { expect, expectTypeOf, test } from 'vitest';
import { Task } from './task.ts';
import { TASK_FIELDS } from './task-fields.ts';

test('the list of fields is that of the schema', () => {
  expect(TASK_FIELDS).toEqual(Object.keys(Task.properties));
  expectTypeOf<(typeof TASK_FIELDS)[number]>().toEqualTypeOf<keyof Task>();
});
