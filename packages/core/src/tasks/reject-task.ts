import type { RejectRequest, TaskResult } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { By, Context } from '../context.ts';
import { changeTask } from './change-task.ts';
import { guards } from './guards.ts';
import { newLease } from './leases.ts';
import { findTask } from './load-task.ts';
import { insertNote } from './note-task.ts';
import { planStatus } from './status-rules.ts';
import { toResult } from './task-result.ts';

/**
 * Sends a task back from review: to whoever had it, with a new claim and lease, or to open.
 * The reason becomes a note, so that who goes on reads it.
 */
export function rejectTask(ctx: Context, ref: string, request: RejectRequest & By): TaskResult {
  const task = findTask(ctx, ref);
  guards.reject(ctx, task, request);
  const at = timestamp(ctx.clock);
  if (request.reason !== undefined) insertNote(ctx, task.id, request.reason, request, at);
  const returns = request.reopen !== true && task.assignee !== null;
  const changed = changeTask(ctx, task, {
    action: 'task_rejected',
    by: request,
    at,
    set: planStatus(task, {
      to: returns ? 'in-progress' : 'open',
      at,
      lease: returns ? newLease(ctx) : undefined,
    }),
    detail: request.reason === undefined ? {} : { note: request.reason },
  });
  return toResult(ctx, changed);
}
