import type { Metrics } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { Context } from '../context.ts';
import { raw } from '../database/raw.ts';

const DAYS = 30;
const DAY_MS = 86_400_000;

/** Burn-up and cycle times, read from the events alone. */
export function boardMetrics(ctx: Context, query: { days?: number | undefined } = {}): Metrics {
  const changes = ctx.db.all(statusChanges());
  return {
    days: burnUp(ctx, changes, query.days ?? DAYS),
    cycle_time: spread(timesBetween(changes, 'in-progress', 'review')),
    review_time: spread(timesBetween(changes, 'review', 'done')),
  };
}

interface StatusChange {
  task_id: number;
  created_at: string;
  after: string;
  /** 1: nobody did anything, a board that was carried over said how it stood. */
  is_told: number;
}

/**
 * Every event that brought a task a status; creation in the backlog tells none. An older log does
 * not name statuses, but its actions did, and where it misses something the event of the
 * carry-over has every task's state.
 */
function statusChanges() {
  return raw<StatusChange>`
    SELECT id, task_id, created_at, 0 AS is_told,
      coalesce(detail ->> '$.status[1]', CASE action
        WHEN 'task_pickup' THEN 'in-progress'
        WHEN 'task_complete' THEN 'review'
        WHEN 'task_approved' THEN 'done'
        WHEN 'task_blocked' THEN 'blocked'
        ELSE 'backlog'
      END) AS after
    FROM events
    WHERE task_id IS NOT NULL
      AND (json_type(detail, '$.status') = 'array' OR action = 'task_created' OR (version IS NULL
        AND action IN ('task_pickup', 'task_complete', 'task_approved', 'task_blocked', 'task_unblocked')))
    UNION ALL
    SELECT events.id, CAST(substr(task.value ->> 'id', 3) AS INTEGER), events.created_at, 1,
      task.value ->> 'status'
    FROM events, json_each(events.detail, '$.tasks') AS task
    WHERE action = 'board_imported'
    ORDER BY id`;
}

function burnUp(ctx: Context, changes: readonly StatusChange[], days: number): Metrics['days'] {
  const today = timestamp(ctx.clock).slice(0, 10);
  const first = new Date(Date.parse(today) - (days - 1) * DAY_MS).toISOString().slice(0, 10);
  const totals = { created: 0, completed: 0, cancelled: 0 };
  const statuses = new Map<number, string>();
  const result: Metrics['days'] = [];
  let next = 0;
  for (let n = 0; n < days; n++) {
    const date = new Date(Date.parse(first) + n * DAY_MS).toISOString().slice(0, 10);
    for (let change = changes[next]; change !== undefined; change = changes[++next]) {
      // By number, not by date: a clock that jumped must not lose an event.
      if (change.created_at.slice(0, 10) > date && date < today) break;
      count(totals, statuses.get(change.task_id), change.after);
      statuses.set(change.task_id, change.after);
    }
    result.push({ date, ...totals });
  }
  return result;
}

function count(
  totals: { created: number; completed: number; cancelled: number },
  before: string | undefined,
  after: string,
): void {
  if (before === undefined) totals.created++;
  totals.completed += Number(isFinished(after)) - Number(isFinished(before));
  totals.cancelled += Number(after === 'cancelled') - Number(before === 'cancelled');
}

function isFinished(status: string | undefined): boolean {
  return status === 'review' || status === 'done';
}

/** Seconds from a task's first entry into one status to its last entry into another. */
function timesBetween(changes: readonly StatusChange[], from: string, to: string): number[] {
  const started = new Map<number, number>();
  const ended = new Map<number, number>();
  for (const { task_id, created_at, after, is_told } of changes) {
    if (is_told === 1) continue;
    const at = Date.parse(created_at);
    if (after === from && !started.has(task_id)) started.set(task_id, at);
    else if (after === to && started.has(task_id)) ended.set(task_id, at);
  }
  return [...ended].map(([task, end]) => Math.max(0, end - (started.get(task) ?? end)) / 1_000);
}

function spread(seconds: number[]): Metrics['cycle_time'] {
  if (seconds.length === 0) return null;
  seconds.sort((a, b) => a - b);
  const at = (share: number) => seconds[Math.ceil(share * seconds.length) - 1] ?? 0;
  return { count: seconds.length, p50: at(0.5), p90: at(0.9) };
}
