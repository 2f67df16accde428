import { HUMAN, type Verification } from '@codepakt/contract';
import type { Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import { readStoredJson } from '../database/stored-json.ts';

const lastRun = prepared<
  { id: number },
  { detail: string; agent: string | null; created_at: string }
>((p) =>
  sqlBuilder
    .selectFrom('events')
    .select(['detail', 'agent', 'created_at'])
    .where('task_id', '=', p.id)
    .where('action', '=', 'task_verified')
    .orderBy('id', 'desc')
    .limit(1),
);

/** The last recorded run of a task's verify command, or null. */
export function lastVerification(ctx: Context, task: number): Verification | null {
  const run = ctx.db.first(lastRun, { id: task });
  if (run === undefined) return null;
  const detail = readStoredJson<Omit<Verification, 'agent' | 'created_at'>>(run.detail);
  return {
    command: detail.command,
    exit_code: detail.exit_code,
    duration_ms: detail.duration_ms,
    output: detail.output,
    agent: run.agent ?? HUMAN,
    created_at: run.created_at,
  };
}
