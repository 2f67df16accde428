import { expect, test } from 'vitest';
import { temporaryProject } from '../testing/temporary-project.ts';

test('the labels of a board are counted, and an epic says how much of it is done', () => {
  using board = temporaryProject();
  const { tasks } = board.project;
  tasks.createBatch([
    { title: 'a', epic: 'login', tags: ['web', 'css'], assignee: 'ada' },
    { title: 'b', epic: 'login', tags: ['web'] },
    { title: 'c', epic: 'login' },
  ]);
  tasks.update('T-001', { status: 'done' });
  tasks.cancel('T-003');
  expect(board.project.board.labels()).toEqual({
    epics: [{ name: 'login', total: 2, done: 1 }],
    tags: [
      { name: 'css', total: 1 },
      { name: 'web', total: 2 },
    ],
    assignees: [{ name: 'ada', total: 1 }],
  });
});

test('tasks can be asked for by id, whatever their status, and by when they were finished', () => {
  using board = temporaryProject();
  const { tasks } = board.project;
  tasks.createBatch([{ title: 'a' }, { title: 'b' }, { title: 'c' }]);
  tasks.update('T-001', { status: 'done' });
  const before = board.clock.now();
  board.clock.advance(60);
  tasks.update('T-002', { status: 'done' });
  const ids = (query: Parameters<typeof tasks.list>[0]) =>
    tasks.list({ ...query, fields: ['id'] }).items.map(({ id }) => id);
  expect(ids({ id: ['T-003', 'T-1', 'T-999'], sort: 'id' })).toEqual(['T-001', 'T-003']);
  const since = new Date(before + 1_000).toISOString();
  expect(ids({ status: ['done'], completed_since: since })).toEqual(['T-002']);
});
