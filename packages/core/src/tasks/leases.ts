import { MAX_EXPIRIES } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import { raw } from '../database/raw.ts';
import type { TaskRow } from '../database/schema.ts';
import { readSettings } from '../settings.ts';
import { changeTask } from './change-task.ts';
import { planStatus } from './status-rules.ts';

/** The most that a restart or a sleep adds to a lease. */
const GRACE_SECONDS = 300;

export interface Lease {
  seconds: number;
  /** UTC, ISO 8601. */
  expires_at: string;
}

/** A lease from now on; undefined when it is to last for ever. `seconds` left out: the project's setting. */
export function newLease(ctx: Context, seconds?: number): Lease | undefined {
  const length = seconds ?? readSettings(ctx).lease_seconds;
  return length === 0
    ? undefined
    : { seconds: length, expires_at: timestamp(ctx.clock, length * 1_000) };
}

const expired = prepared<{ now: string }, TaskRow>((p) =>
  sqlBuilder
    .selectFrom('tasks')
    .selectAll()
    .where('lease_expires_at', 'is not', null)
    .where('lease_expires_at', '<=', p.now)
    .orderBy('lease_expires_at'),
);

/**
 * Gives back the tasks whose lease ran out; the one that ran out too often is parked for a person.
 * Every write transaction begins with it.
 */
export function expireLeases(ctx: Context): void {
  const at = timestamp(ctx.clock);
  for (const task of ctx.db.all(expired, { now: at })) {
    const expiries = task.expiries + 1;
    const parks = expiries >= MAX_EXPIRIES;
    const plan = parks
      ? planStatus(task, { to: 'blocked', at, reason: parkedReason(task, expiries) })
      : planStatus(task, { to: 'open', at });
    changeTask(ctx, task, {
      action: 'lease_expired',
      by: null,
      at,
      set: { ...plan, expiries },
      detail: { holder: task.assignee },
    });
  }
}

function parkedReason(task: TaskRow, expiries: number): string {
  return `its lease ran out ${expiries} times, last with ${task.assignee ?? 'nobody'}: a person should look at it`;
}

/** Whether a lease has run out that no transaction has applied yet. */
export function hasExpiredLeases(ctx: Context): boolean {
  return ctx.db.first(expired, { now: timestamp(ctx.clock) }) !== undefined;
}

/** The index is named: SQLite would rather look at all that is in progress. */
const leasedBy = prepared<{ agent: string }, Pick<TaskRow, 'id' | 'lease_seconds'>>(
  (p) => raw<Pick<TaskRow, 'id' | 'lease_seconds'>>`
    SELECT id, lease_seconds FROM tasks INDEXED BY tasks_in_progress
    WHERE status = 'in-progress' AND assignee = ${p.agent} AND lease_seconds IS NOT NULL`,
);

const setExpiry = prepared<{ id: number; lease_expires_at: string }, unknown>((p) =>
  sqlBuilder
    .updateTable('tasks')
    .set({ lease_expires_at: p.lease_expires_at })
    .where('id', '=', p.id)
    .where('lease_expires_at', '<', p.lease_expires_at),
);

/** Pushes out every lease of an agent that has just shown itself. Leases never get shorter here. */
export function renewLeases(ctx: Context, agent: string): void {
  for (const { id, lease_seconds } of ctx.db.all(leasedBy, { agent })) {
    if (lease_seconds === null) continue;
    const lease_expires_at = timestamp(ctx.clock, lease_seconds * 1_000);
    ctx.db.run(setExpiry, { id, lease_expires_at });
  }
}

/**
 * After a start, a sleep or a jump of the clock nobody could renew: every lease lasts at least
 * five minutes more, or its own length when that is shorter. A clock that was set back does not
 * make one last longer than it was given for.
 */
export function graceLeases(ctx: Context): void {
  const leased = ctx.db.all(
    sqlBuilder
      .selectFrom('tasks')
      .select(['id', 'lease_seconds', 'lease_expires_at'])
      .where('lease_expires_at', 'is not', null),
  );
  for (const { id, lease_seconds, lease_expires_at } of leased) {
    const length = lease_seconds ?? GRACE_SECONDS;
    const least = timestamp(ctx.clock, Math.min(length, GRACE_SECONDS) * 1_000);
    const most = timestamp(ctx.clock, length * 1_000);
    const fair = clamp(lease_expires_at ?? least, least, most);
    if (fair === lease_expires_at) continue;
    ctx.db.run(
      sqlBuilder.updateTable('tasks').set({ lease_expires_at: fair }).where('id', '=', id),
    );
  }
}

/** Times of this form sort as they follow one another. */
function clamp(time: string, least: string, most: string): string {
  if (time < least) return least;
  return time > most ? most : time;
}
