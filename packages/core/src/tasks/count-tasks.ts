import type { BoardCounts } from '@codepakt/contract';
import type { Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';

const counts = prepared<object, { status: keyof BoardCounts; hold: number; count: number }>(() =>
  sqlBuilder.selectFrom('task_counts').select(['status', 'hold', 'count']),
);

/** How many tasks each status has; `held` of the backlog are put aside on purpose. */
export function countTasks(ctx: Context): BoardCounts & { held: number } {
  const result = {
    backlog: 0,
    open: 0,
    'in-progress': 0,
    review: 0,
    done: 0,
    blocked: 0,
    cancelled: 0,
    held: 0,
  };
  for (const { status, hold, count } of ctx.db.all(counts, {})) {
    result[status] += count;
    if (hold === 1) result.held += count;
  }
  return result;
}
