import type { HeartbeatRequest, TaskHead } from '@codepakt/contract';
import type { Context } from '../context.ts';
import { sqlBuilder } from '../database/database.ts';
import { taskId } from '../ids.ts';
import { requireHolder } from './guards.ts';
import { newLease } from './leases.ts';
import { findTask } from './load-task.ts';

/**
 * A sign of life in a long silence. Whatever an agent does pushes its leases out; here it can also
 * give one another length. No event, no new version.
 */
export function heartbeatTask(
  ctx: Context,
  ref: string,
  request: HeartbeatRequest & { agent: string },
): TaskHead {
  const task = findTask(ctx, ref);
  requireHolder(ctx, task, request);
  const lease_expires_at =
    request.lease === undefined ? task.lease_expires_at : setLease(ctx, task.id, request.lease);
  return { id: taskId(task.id), title: task.title, claim: task.claim, lease_expires_at };
}

function setLease(ctx: Context, id: number, seconds: number): string | null {
  const lease = newLease(ctx, seconds);
  const lease_expires_at = lease?.expires_at ?? null;
  ctx.db.run(
    sqlBuilder
      .updateTable('tasks')
      .set({ lease_seconds: lease?.seconds ?? null, lease_expires_at })
      .where('id', '=', id),
  );
  return lease_expires_at;
}
