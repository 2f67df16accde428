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
  /** null: the task was created. */
  before: string | null;
  after: string;
}

/** Every event that brought a task a new status; creation in the backlog tells none. */
function statusChanges() {
  return raw<StatusChange>`
    SELECT task_id, created_at,
      detail ->> '$.status[0]' AS before,
      coalesce(detail ->> '$.status[1]', 'backlog') AS after
    FROM events
    WHERE task_id IS NOT NULL
      AND (action = 'task_created' OR json_type(detail, '$.status') = 'array')
    ORDER BY id`;
}

function burnUp(ctx: Context, changes: readonly StatusChange[], days: number): Metrics['days'] {
  const today = timestamp(ctx.clock).slice(0, 10);
  const first = new Date(Date.parse(today) - (days - 1) * DAY_MS).toISOString().slice(0, 10);
  const totals = { created: 0, completed: 0, cancelled: 0 };
  const result: Metrics['days'] = [];
  let next = 0;
  for (let n = 0; n < days; n++) {
    const date = new Date(Date.parse(first) + n * DAY_MS).toISOString().slice(0, 10);
    for (let change = changes[next]; change !== undefined; change = changes[++next]) {
      // By number, not by date: a clock that jumped must not lose an event.
      if (change.created_at.slice(0, 10) > date && date < today) break;
      count(totals, change);
    }
    result.push({ date, ...totals });
  }
  return result;
}

function count(
  totals: { created: number; completed: number; cancelled: number },
  { before, after }: StatusChange,
): void {
  if (before === null) totals.created++;
  totals.completed += Number(isFinished(after)) - Number(isFinished(before));
  totals.cancelled += Number(after === 'cancelled') - Number(before === 'cancelled');
}

function isFinished(status: string | null): boolean {
  return status === 'review' || status === 'done';
}

/** Seconds from a task's first entry into one status to its last entry into another. */
function timesBetween(changes: readonly StatusChange[], from: string, to: string): number[] {
  const started = new Map<number, number>();
  const ended = new Map<number, number>();
  for (const { task_id, created_at, after } of changes) {
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
