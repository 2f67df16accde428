import type { ReleaseRequest, TaskResult } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { By, Context } from '../context.ts';
import { changeTask } from './change-task.ts';
import { guards } from './guards.ts';
import { findTask } from './load-task.ts';
import { insertNote } from './note-task.ts';
import { planStatus } from './status-rules.ts';
import { toResult } from './task-result.ts';

/** Gives a claimed task back for others to pick up. */
export function releaseTask(ctx: Context, ref: string, request: ReleaseRequest & By): TaskResult {
  const task = findTask(ctx, ref);
  guards.release(ctx, task, request);
  const at = timestamp(ctx.clock);
  if (request.note !== undefined) insertNote(ctx, task.id, request.note, request, at);
  const changed = changeTask(ctx, task, {
    action: 'task_released',
    by: request,
    at,
    set: planStatus(task, { to: 'open', at }),
    detail: request.note === undefined ? {} : { note: request.note },
  });
  return toResult(ctx, changed);
}
