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
