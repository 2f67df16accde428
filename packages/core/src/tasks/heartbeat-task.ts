import type { HeartbeatRequest, TaskHead } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { Context } from '../context.ts';
import { sqlBuilder } from '../database/database.ts';
import { taskId } from '../ids.ts';
import { requireHolder } from './guards.ts';
import { findTask } from './load-task.ts';

/**
 * A sign of life in a long silence: pushes the lease out, or gives it another length.
 * No event, no new version.
 */
export function heartbeatTask(
  ctx: Context,
  ref: string,
  request: HeartbeatRequest & { agent: string },
): TaskHead {
  const task = findTask(ctx, ref);
  requireHolder(ctx, task, request);
  const seconds = request.lease ?? task.lease_seconds ?? 0;
  const expires = seconds === 0 ? null : timestamp(ctx.clock, seconds * 1_000);
  ctx.db.run(
    sqlBuilder
      .updateTable('tasks')
      .set({ lease_seconds: seconds === 0 ? null : seconds, lease_expires_at: expires })
      .where('id', '=', task.id),
  );
  return { id: taskId(task.id), title: task.title, claim: task.claim, lease_expires_at: expires };
}
