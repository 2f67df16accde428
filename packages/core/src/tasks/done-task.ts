import { type DoneRequest, HUMAN, type TaskResult } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { By, Context } from '../context.ts';
import { taskId } from '../ids.ts';
import { changeTask } from './change-task.ts';
import { guards, lostClaim } from './guards.ts';
import { findTask } from './load-task.ts';
import { insertNote } from './note-task.ts';
import { planStatus } from './status-rules.ts';
import { toResult, unchanged } from './task-result.ts';

/** The agent says that it is finished: to review. What waited for it may go on. */
export function doneTask(ctx: Context, ref: string, request: DoneRequest & By): TaskResult {
  const task = findTask(ctx, ref);
  if (task.status === 'review' || task.status === 'done') {
    const isTheirs = request.agent === undefined || request.agent === task.completed_by;
    if (!isTheirs || (request.claim !== undefined && request.claim !== task.claim)) {
      throw lostClaim(ctx, task, request);
    }
    return unchanged(ctx, task, alreadyDone(taskId(task.id), task.status));
  }
  guards.done(ctx, task, request);
  const at = timestamp(ctx.clock);
  if (request.note !== undefined) insertNote(ctx, task.id, request.note, request, at);
  const isForced = request.force === true && request.agent !== task.assignee;
  const changed = changeTask(ctx, task, {
    action: 'task_complete',
    by: request,
    at,
    set: planStatus(task, { to: 'review', at, completed_by: request.agent ?? HUMAN }),
    detail: {
      ...(request.note === undefined ? {} : { note: request.note }),
      ...(isForced ? { forced: true } : {}),
    },
  });
  return toResult(ctx, changed);
}

function alreadyDone(id: string, status: string): string {
  return status === 'review'
    ? `${id} is in review already; approving it is a separate act: cpk task approve ${id}`
    : `${id} is done already`;
}
