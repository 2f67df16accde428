import type { CancelRequest, TaskResult } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { By, Context } from '../context.ts';
import { taskId } from '../ids.ts';
import { changeTask } from './change-task.ts';
import { guards } from './guards.ts';
import { findTask } from './load-task.ts';
import { planStatus } from './status-rules.ts';
import { toResult, unchanged } from './task-result.ts';

/** Not to be done any more. It counts as resolved for the tasks that depend on it. */
export function cancelTask(ctx: Context, ref: string, request: CancelRequest & By): TaskResult {
  const task = findTask(ctx, ref);
  if (task.status === 'cancelled') {
    return unchanged(ctx, task, `${taskId(task.id)} is cancelled already`);
  }
  guards.cancel(ctx, task, request);
  const at = timestamp(ctx.clock);
  const changed = changeTask(ctx, task, {
    action: 'task_cancelled',
    by: request,
    at,
    set: planStatus(task, { to: 'cancelled', at }),
    detail: request.reason === undefined ? {} : { reason: request.reason },
  });
  return toResult(ctx, changed);
}
