import { expect, test } from 'vitest';
import { refusal } from '../testing/refusal.ts';
import { temporaryProject } from '../testing/temporary-project.ts';

test('a refusal names the later change to undo first, but not one that has no opposite', () => {
  using board = temporaryProject();
  const { tasks, events } = board.project;
  tasks.create({ title: 'a' });
  tasks.pickUp({ agent: 'ada', lease: 60 });
  const pickup = events.lastId();
  tasks.release('T-001', { agent: 'ada' });
  const release = events.lastId();
  expect(refusal(() => events.undo(pickup))).toMatchObject({
    hint: `Undo event ${release} first, or make the change you want by hand.`,
    details: { in_the_way: release },
  });
  tasks.pickUp({ agent: 'ada', lease: 60 });
  const second = events.lastId();
  board.clock.advance(61);
  board.project.tick();
  expect(refusal(() => events.undo(second))).toMatchObject({
    message: expect.stringContaining('lease_expired'),
    hint: 'Make the change you want by hand.',
    details: { in_the_way: second + 1 },
  });
});

test('a creation can be undone also when the task opened since, but not when somebody took it', () => {
  using board = temporaryProject();
  const { tasks, events } = board.project;
  tasks.create({ title: 'a' });
  tasks.create({ title: 'b', depends_on: ['T-001'] });
  const second = events.lastId();
  tasks.create({ title: 'c', depends_on: ['T-001'] });
  const third = events.lastId();
  tasks.update('T-001', { status: 'review' });
  expect(tasks.get('T-002').status).toBe('open');
  expect(events.undo(second).task).toMatchObject({ id: 'T-002', status: 'cancelled' });
  tasks.pickUp({ agent: 'ada', id: 'T-003' });
  const pickup = events.lastId();
  expect(refusal(() => events.undo(third))).toMatchObject({
    message: expect.stringContaining(`event ${pickup} (task_pickup, ada)`),
    hint: `Undo event ${pickup} first, or make the change you want by hand: cpk task cancel T-003`,
  });
});

test('who gets a task in progress back by an undo gets a claim and a lease of their own', () => {
  using board = temporaryProject();
  const { tasks, events } = board.project;
  tasks.create({ title: 'a' });
  tasks.pickUp({ agent: 'ada', lease: 60 });
  tasks.update('T-001', { assignee: null });
  const taken = events.lastId();
  expect(tasks.get('T-001')).toMatchObject({ claim: 2, lease_expires_at: null });
  events.undo(taken);
  const back = tasks.get('T-001');
  expect(back).toMatchObject({ status: 'in-progress', assignee: 'ada', claim: 3 });
  expect(back.lease_expires_at).not.toBeNull();
  tasks.update('T-001', { assignee: 'bob' });
  events.undo(events.lastId());
  expect(tasks.get('T-001')).toMatchObject({ assignee: 'ada', claim: 5 });
  // Without a name only the number tells bob's claim from ada's.
  expect(refusal(() => tasks.done('T-001', { claim: 4 })).code).toBe('lost_claim');
});
