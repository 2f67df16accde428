import { HUMAN, type NoteRequest, type TaskResult } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { By, Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import { changeTask } from './change-task.ts';
import { requireHolder } from './guards.ts';
import { findTask } from './load-task.ts';
import { toResult } from './task-result.ts';

/** Adds a note. Anyone may, but a claim that is named must still be the caller's. */
export function noteTask(ctx: Context, ref: string, request: NoteRequest & By): TaskResult {
  const task = findTask(ctx, ref);
  if (request.claim !== undefined) requireHolder(ctx, task, request);
  const at = timestamp(ctx.clock);
  insertNote(ctx, task.id, request.body, request, at);
  const changed = changeTask(ctx, task, {
    action: 'task_noted',
    by: request,
    at,
    set: {},
    detail: { note: request.body },
  });
  changed.fields.push('notes');
  return toResult(ctx, changed);
}

const insert = prepared<
  { task_id: number; agent: string; body: string; created_at: string },
  unknown
>((p) =>
  sqlBuilder
    .insertInto('task_notes')
    .values({ task_id: p.task_id, agent: p.agent, body: p.body, created_at: p.created_at }),
);

/** Writes a note; the event of the act that it belongs to holds it as `note`. */
export function insertNote(ctx: Context, task: number, body: string, by: By, at: string): void {
  ctx.db.run(insert, { task_id: task, agent: by.agent ?? HUMAN, body, created_at: at });
}
