import type { TaskResult, UnblockRequest } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { By, Context } from '../context.ts';
import { changeTask } from './change-task.ts';
import { guards } from './guards.ts';
import { findTask } from './load-task.ts';
import { insertNote } from './note-task.ts';
import { planStatus } from './status-rules.ts';
import { toResult } from './task-result.ts';

/** It can go on: to open, or to the backlog while dependencies are unmet. */
export function unblockTask(ctx: Context, ref: string, request: UnblockRequest & By): TaskResult {
  const task = findTask(ctx, ref);
  guards.unblock(ctx, task, request);
  const at = timestamp(ctx.clock);
  if (request.note !== undefined) insertNote(ctx, task.id, request.note, request, at);
  const changed = changeTask(ctx, task, {
    action: 'task_unblocked',
    by: request,
    at,
    set: planStatus(task, { to: 'open', at }),
    detail: request.note === undefined ? {} : { note: request.note },
  });
  return toResult(ctx, changed);
}
