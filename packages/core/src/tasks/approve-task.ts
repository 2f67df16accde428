import { type ApprovalResult, type ApproveRequest, HUMAN } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { By, Context } from '../context.ts';
import { taskId } from '../ids.ts';
import { changeTask } from './change-task.ts';
import { guards } from './guards.ts';
import { findTask } from './load-task.ts';
import { insertNote } from './note-task.ts';
import { planStatus } from './status-rules.ts';
import { toResult, unchanged } from './task-result.ts';
import { lastVerification } from './verification.ts';

/** Somebody else agrees that it is finished: to done. Answers with the evidence. */
export function approveTask(
  ctx: Context,
  ref: string,
  request: ApproveRequest & By,
): ApprovalResult {
  const task = findTask(ctx, ref);
  const verification = lastVerification(ctx, task.id);
  if (task.status === 'done') {
    return { ...unchanged(ctx, task, `${taskId(task.id)} is done already`), verification };
  }
  guards.approve(ctx, task, request);
  const at = timestamp(ctx.clock);
  if (request.note !== undefined) insertNote(ctx, task.id, request.note, request, at);
  const isForced = request.force === true && request.agent === task.completed_by;
  const changed = changeTask(ctx, task, {
    action: 'task_approved',
    by: request,
    at,
    set: planStatus(task, { to: 'done', at, reviewed_by: request.agent ?? HUMAN }),
    detail: {
      ...(request.note === undefined ? {} : { note: request.note }),
      ...(isForced ? { forced: true } : {}),
    },
  });
  return { ...toResult(ctx, changed), verification };
}
