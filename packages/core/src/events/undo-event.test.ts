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
