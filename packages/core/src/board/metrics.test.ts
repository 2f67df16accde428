import { expect, test } from 'vitest';
import { temporaryProject } from '../testing/temporary-project.ts';

const HOUR = 3_600;

test('burn-up counts what there was at the end of each day; times run from pickup to review', () => {
  using board = temporaryProject();
  const { tasks } = board.project;
  tasks.createBatch([{ title: 'a' }, { title: 'b' }, { title: 'c', hold: true }]);
  tasks.pickUp({ agent: 'ada', lease: 0 });
  board.clock.advance(2 * HOUR);
  tasks.done('T-001', { agent: 'ada' });
  board.clock.advance(24 * HOUR);
  tasks.approve('T-001');
  tasks.cancel('T-002');
  board.clock.advance(24 * HOUR);
  tasks.update('T-001', { status: 'open' });
  expect(board.project.board.metrics({ days: 4 })).toEqual({
    days: [
      { date: '2025-12-31', created: 0, completed: 0, cancelled: 0 },
      { date: '2026-01-01', created: 3, completed: 1, cancelled: 0 },
      { date: '2026-01-02', created: 3, completed: 1, cancelled: 1 },
      { date: '2026-01-03', created: 3, completed: 0, cancelled: 1 },
    ],
    cycle_time: { count: 1, p50: 2 * HOUR, p90: 2 * HOUR },
    review_time: { count: 1, p50: 24 * HOUR, p90: 24 * HOUR },
  });
});

test('a board without a past has days but no times', () => {
  using board = temporaryProject();
  const { days, cycle_time } = board.project.board.metrics({});
  expect(days).toHaveLength(30);
  expect(cycle_time).toBeNull();
});

test('each look reads on from the one before, in pieces of any size, and tells the same', () => {
  using board = temporaryProject();
  const { tasks, board: reading } = board.project;
  const looks = [board.project, board.reopen()];
  for (let n = 0; n < 40; n++) {
    const { id } = tasks.create({ title: `task ${n}` });
    board.clock.advance((n % 7) * HOUR);
    if (n % 2 === 0) tasks.pickUp({ agent: 'ada', id });
    // A clock that is set back brings no event into a day that is over.
    board.clock.advance(n % 5 === 0 ? -26 * HOUR : HOUR);
    if (n % 4 === 0) tasks.done(id, { agent: 'ada' });
    if (n % 8 === 0) tasks.approve(id);
    if (n % 3 === 0) tasks.update(id, { status: n % 2 === 0 ? 'open' : 'cancelled' });
    while (n % 6 === 0 && !reading.readAhead(3));
    if (n % 9 === 0) for (const project of looks) project.board.metrics({ days: 3 });
  }
  const fresh = board.reopen().board.metrics({ days: 10 });
  expect(fresh.cycle_time?.count).toBe(10);
  for (const project of looks) expect(project.board.metrics({ days: 10 })).toEqual(fresh);
});

test('a board that was imported is told from its own log', () => {
  using from = temporaryProject();
  using to = temporaryProject();
  expect(to.project.board.metrics({ days: 1 }).days[0]?.created).toBe(0);
  from.project.tasks.createBatch([{ title: 'a' }, { title: 'b' }]);
  to.project.board.import([...from.project.board.export()]);
  expect(to.project.board.metrics({ days: 1 }).days[0]?.created).toBe(2);
});
