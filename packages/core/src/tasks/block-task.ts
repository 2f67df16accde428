import type { BlockRequest, TaskResult } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { By, Context } from '../context.ts';
import { changeTask } from './change-task.ts';
import { guards } from './guards.ts';
import { findTask } from './load-task.ts';
import { planStatus } from './status-rules.ts';
import { toResult } from './task-result.ts';

/** It cannot go on; the reason says why. */
export function blockTask(ctx: Context, ref: string, request: BlockRequest & By): TaskResult {
  const task = findTask(ctx, ref);
  guards.block(ctx, task, request);
  const at = timestamp(ctx.clock);
  const changed = changeTask(ctx, task, {
    action: 'task_blocked',
    by: request,
    at,
    set: planStatus(task, { to: 'blocked', at, reason: request.reason }),
  });
  return toResult(ctx, changed);
}
