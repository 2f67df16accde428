import type { TaskResult } from '@codepakt/contract';
import type { Context } from '../context.ts';
import type { TaskRow } from '../database/schema.ts';
import { taskId } from '../ids.ts';
import type { Changed } from './change-task.ts';
import { readTask } from './load-task.ts';

/** The answer that a changed task gives. */
export function toResult(
  ctx: Context,
  changed: Changed,
  message: string | null = null,
): TaskResult {
  const waits = changed.row.status === 'backlog' && changed.row.hold === 0 && changed.row.unmet > 0;
  const task = readTask(ctx, changed.row);
  return {
    ...task,
    changed: changed.fields,
    opened: changed.opened.map(taskId),
    reverted: changed.reverted.map(taskId),
    message:
      message ??
      (waits && changed.fields.includes('status')
        ? `${task.id} waits for ${task.waits_for.join(', ')}, so it is in the backlog`
        : null),
  };
}

/** The answer where there was nothing to change. */
export function unchanged(ctx: Context, row: TaskRow, message: string): TaskResult {
  return { ...readTask(ctx, row), changed: [], opened: [], reverted: [], message };
}
