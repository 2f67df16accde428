import type { Metrics } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { Context } from '../context.ts';
import { prepared } from '../database/database.ts';
import { raw } from '../database/raw.ts';
import { lastEventId } from '../events/find-events.ts';

const DAYS = 30;
const DAY_MS = 86_400_000;

/**
 * Burn-up and cycle times, from the events alone. The log only grows, so what it told once is
 * kept, and each look reads on from the one before.
 */
export class MetricsLog {
  readonly #ctx: Context;
  #seen: Seen = { id: 0, created_at: '' };
  /** What there was at the end of each day on which something happened, the first first. */
  #days: Metrics['days'] = [];
  #tasks = new Map<number, Past>();

  constructor(ctx: Context) {
    this.#ctx = ctx;
  }

  /** Reads at most so many further events; answers whether that was all. A long log takes seconds. */
  readOn(limit: number): boolean {
    this.#forgetAnotherLog();
    const last = lastEventId(this.#ctx);
    const after = this.#seen.id;
    const upTo = Math.min(last, after + limit);
    for (const change of this.#ctx.db.all(statusChanges, { after, up_to: upTo })) this.#add(change);
    this.#seen = this.#ctx.db.first(eventAt, { id: upTo }) ?? { ...this.#seen, id: upTo };
    return upTo === last;
  }

  /** @param query how many days, up to today; 30 when left out */
  metrics(query: { days?: number | undefined } = {}): Metrics {
    this.readOn(Number.POSITIVE_INFINITY);
    const pasts = [...this.#tasks.values()];
    return {
      days: this.#burnUp(query.days ?? DAYS),
      cycle_time: spread(pasts.map(({ begun, handed_in }) => secondsBetween(begun, handed_in))),
      review_time: spread(
        pasts.map(({ in_review, approved }) => secondsBetween(in_review, approved)),
      ),
    };
  }

  /** A board that was imported into an empty one brought its own log. */
  #forgetAnotherLog(): void {
    const { id, created_at } = this.#seen;
    if (id === 0 || this.#ctx.db.first(eventAt, { id })?.created_at === created_at) return;
    this.#seen = { id: 0, created_at: '' };
    this.#days = [];
    this.#tasks = new Map();
  }

  #add({ task_id, created_at, after, is_told }: StatusChange): void {
    const past = this.#tasks.get(task_id);
    count(this.#dayOf(created_at.slice(0, 10)), past?.status, after);
    const at = is_told === 1 ? undefined : Date.parse(created_at);
    this.#tasks.set(task_id, grown(past ?? { status: after }, after, at));
  }

  /** By number, not by date: a clock that jumped back must not bring an event into a day that is over. */
  #dayOf(date: string): Metrics['days'][number] {
    const last = this.#days.at(-1);
    if (last !== undefined && last.date >= date) return last;
    const day = { created: 0, completed: 0, cancelled: 0, ...last, date };
    this.#days.push(day);
    return day;
  }

  #burnUp(days: number): Metrics['days'] {
    const today = timestamp(this.#ctx.clock).slice(0, 10);
    const first = Date.parse(today) - (days - 1) * DAY_MS;
    return Array.from({ length: days }, (_, n) => {
      const date = new Date(first + n * DAY_MS).toISOString().slice(0, 10);
      // What a clock that was ahead has dated later belongs to today.
      const day = this.#days.findLast((one) => date >= today || one.date <= date);
      return { created: 0, completed: 0, cancelled: 0, ...day, date };
    });
  }
}

interface Seen {
  id: number;
  created_at: string;
}

/** What is known of a task; times in milliseconds since 1970. */
interface Past {
  status: string;
  /** When it was first picked up, and last came to review after that. */
  begun?: number;
  handed_in?: number;
  /** When it was first in review, and last approved after that. */
  in_review?: number;
  approved?: number;
}

function grown(past: Past, status: string, at: number | undefined): Past {
  past.status = status;
  if (at === undefined) return past;
  if (status === 'in-progress') past.begun ??= at;
  if (status === 'review') {
    past.in_review ??= at;
    if (past.begun !== undefined) past.handed_in = at;
  }
  if (status === 'done' && past.in_review !== undefined) past.approved = at;
  return past;
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
const statusChanges = prepared<{ after: number; up_to: number }, StatusChange>(
  (p) => raw<StatusChange>`
    SELECT id, task_id, created_at, 0 AS is_told,
      coalesce(detail ->> '$.status[1]', CASE action
        WHEN 'task_pickup' THEN 'in-progress'
        WHEN 'task_complete' THEN 'review'
        WHEN 'task_approved' THEN 'done'
        WHEN 'task_blocked' THEN 'blocked'
        ELSE 'backlog'
      END) AS after
    FROM events
    WHERE id > ${p.after} AND id <= ${p.up_to} AND task_id IS NOT NULL
      AND (json_type(detail, '$.status') = 'array' OR action = 'task_created' OR (version IS NULL
        AND action IN ('task_pickup', 'task_complete', 'task_approved', 'task_blocked', 'task_unblocked')))
    UNION ALL
    SELECT events.id, CAST(substr(task.value ->> 'id', 3) AS INTEGER), events.created_at, 1,
      task.value ->> 'status'
    FROM events, json_each(events.detail, '$.tasks') AS task
    WHERE action = 'board_imported' AND events.id > ${p.after} AND events.id <= ${p.up_to}
    ORDER BY id`,
);

const eventAt = prepared<{ id: number }, Seen>(
  (p) => raw<Seen>`SELECT id, created_at FROM events WHERE id = ${p.id}`,
);

function count(day: Metrics['days'][number], before: string | undefined, after: string): void {
  if (before === undefined) day.created++;
  day.completed += Number(isFinished(after)) - Number(isFinished(before));
  day.cancelled += Number(after === 'cancelled') - Number(before === 'cancelled');
}

function isFinished(status: string | undefined): boolean {
  return status === 'review' || status === 'done';
}

function secondsBetween(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : Math.max(0, to - from) / 1_000;
}

function spread(times: readonly (number | undefined)[]): Metrics['cycle_time'] {
  const seconds = times.filter((time) => time !== undefined).sort((a, b) => a - b);
  if (seconds.length === 0) return null;
  const at = (share: number) => seconds[Math.ceil(share * seconds.length) - 1] ?? 0;
  return { count: seconds.length, p50: at(0.5), p90: at(0.9) };
}
