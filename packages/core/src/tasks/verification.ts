import { HUMAN, type Verification } from '@codepakt/contract';
import type { Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import type { EventRow } from '../database/schema.ts';
import { toEvent } from '../events/append-event.ts';

const lastRun = prepared<{ id: number }, EventRow>((p) =>
  sqlBuilder
    .selectFrom('events')
    .selectAll()
    .where('task_id', '=', p.id)
    .where('action', '=', 'task_verified')
    .orderBy('id', 'desc')
    .limit(1),
);

/** The last recorded run of a task's verify command, or null. */
export function lastVerification(ctx: Context, task: number): Verification | null {
  const run = ctx.db.first(lastRun, { id: task });
  if (run === undefined) return null;
  const event = toEvent(run);
  const detail = event.detail as Omit<Verification, 'agent' | 'created_at'>;
  return {
    command: detail.command,
    exit_code: detail.exit_code,
    duration_ms: detail.duration_ms,
    output: detail.output,
    agent: event.agent ?? HUMAN,
    created_at: event.created_at,
  };
}
