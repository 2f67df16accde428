import { expect, test } from 'vitest';
import { temporaryProject } from '../testing/temporary-project.ts';

test('what is ready is for anybody or for who asks; of an agent that is asked for, what is meant for them', () => {
  using board = temporaryProject();
  const { tasks } = board.project;
  tasks.createBatch([
    { title: 'for anybody' },
    { title: 'for ada', assignee: 'ada' },
    { title: 'for ada, later', assignee: 'ada', hold: true },
    { title: 'for bob', assignee: 'bob' },
  ]);
  const ready = (query: { assignee?: string }, agent?: string) =>
    tasks.list({ ready: true, fields: ['id'], ...query }, { agent }).items.map(({ id }) => id);
  expect(ready({})).toEqual(['T-001']);
  expect(ready({ assignee: 'ada' })).toEqual(['T-002']);
  expect(ready({}, 'ada')).toEqual(['T-001', 'T-002']);
  expect(ready({ assignee: 'bob' }, 'ada')).toEqual(['T-004']);
  expect(ready({}, 'carl')).toEqual(['T-001']);
});
