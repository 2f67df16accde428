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
  const isMoved = changed.fields.includes('status') || changed.fields.includes('hold');
  return {
    ...readTask(ctx, changed.row),
    changed: changed.fields,
    opened: changed.opened.map(taskId),
    reverted: changed.reverted.map(taskId),
    message: message ?? (isMoved ? whyItWaits(ctx, changed.row) : null),
  };
}

/** Why a task that nobody put aside is in the backlog all the same; null when it is not. */
export function whyItWaits(ctx: Context, row: TaskRow): string | null {
  if (row.status !== 'backlog' || row.hold === 1 || row.unmet === 0) return null;
  const { id, waits_for } = readTask(ctx, row);
  return `${id} waits for ${waits_for.join(', ')}, so it is in the backlog`;
}

/** The answer where there was nothing to change. */
export function unchanged(ctx: Context, row: TaskRow, message: string): TaskResult {
  return { ...readTask(ctx, row), changed: [], opened: [], reverted: [], message };
}
