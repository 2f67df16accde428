import { type Event, type EventAction, HUMAN } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { By, Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import type { EventRow } from '../database/schema.ts';
import { readStoredJson } from '../database/stored-json.ts';
import { docId, taskId } from '../ids.ts';

/** `[before, after]` of each field that changed. */
export type Changes = Record<string, [before: unknown, after: unknown]>;

export interface NewEvent {
  action: EventAction;
  /** Numbers, not ids. */
  task?: number;
  doc?: number;
  /** The version that the task or doc has now. */
  version?: number;
  detail?: Record<string, unknown>;
  /** `by` left out: a person. `null`: nobody, such as a lease that ran out. */
  by: By | null;
  /** UTC, ISO 8601; the time of the change that it tells of. */
  at?: string;
}

const insertEvent = prepared((event: Omit<EventRow, 'id'>) =>
  // Listed one by one: the markers that `prepared` hands in can't be spread.
  sqlBuilder.insertInto('events').values({
    task_id: event.task_id,
    doc_id: event.doc_id,
    agent: event.agent,
    action: event.action,
    version: event.version,
    detail: event.detail,
    created_at: event.created_at,
  }),
);

/** Adds one entry to the audit log; answers its id. To be called inside the transaction of the change. */
export function appendEvent(ctx: Context, event: NewEvent): number {
  return ctx.db.run(insertEvent, {
    task_id: event.task ?? null,
    doc_id: event.doc ?? null,
    agent: event.by === null ? null : (event.by.agent ?? HUMAN),
    action: event.action,
    version: event.version ?? null,
    detail: JSON.stringify(event.detail ?? {}),
    created_at: event.at ?? timestamp(ctx.clock),
  }).id;
}

/** An event as it leaves the database. */
export function toEvent(row: EventRow): Event {
  return {
    id: row.id,
    task_id: row.task_id === null ? null : taskId(row.task_id),
    doc_id: row.doc_id === null ? null : docId(row.doc_id),
    agent: row.agent,
    action: row.action,
    version: row.version,
    detail: readStoredJson<Record<string, unknown>>(row.detail),
    created_at: row.created_at,
  };
}
