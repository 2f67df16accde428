import { expect, test } from 'vitest';
import { temporaryProject } from '../testing/temporary-project.ts';

test('what is ready is for anybody; of an agent that is asked for, what is meant for them', () => {
  using board = temporaryProject();
  const { tasks } = board.project;
  tasks.createBatch([
    { title: 'for anybody' },
    { title: 'for ada', assignee: 'ada' },
    { title: 'for ada, later', assignee: 'ada', hold: true },
    { title: 'for bob', assignee: 'bob' },
  ]);
  const ready = (assignee?: string) =>
    tasks
      .list({ ready: true, fields: ['id'], ...(assignee === undefined ? {} : { assignee }) })
      .items.map(({ id }) => id);
  expect(ready()).toEqual(['T-001']);
  expect(ready('ada')).toEqual(['T-002']);
});
