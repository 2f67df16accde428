import type { TaskResult, VerificationRequest } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { By, Context } from '../context.ts';
import { changeTask } from './change-task.ts';
import { requireHolder } from './guards.ts';
import { findTask } from './load-task.ts';
import { toResult } from './task-result.ts';

/** Records that a task's verify command was run, and how it ended. Nothing is run here. */
export function recordVerification(
  ctx: Context,
  ref: string,
  request: VerificationRequest & By,
): TaskResult {
  const task = findTask(ctx, ref);
  if (request.claim !== undefined) requireHolder(ctx, task, request);
  const { command, exit_code, duration_ms, output } = request;
  const changed = changeTask(ctx, task, {
    action: 'task_verified',
    by: request,
    at: timestamp(ctx.clock),
    set: {},
    detail: { command, exit_code, duration_ms, output },
  });
  return toResult(ctx, changed);
}
