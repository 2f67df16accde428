import { CodepaktError, type Event, type EventAction, HUMAN } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { By, Context } from '../context.ts';
import type { EventRow } from '../database/schema.ts';
import { RESTORE_HINT } from '../database/sqlite-error.ts';
import { readStoredJson } from '../database/stored-json.ts';
import { docId, taskId } from '../ids.ts';
import { isAsWritten } from './event-checksum.ts';
import { insertEvent } from './insert-event.ts';

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

/** Adds one entry to the audit log; answers its id. To be called inside the transaction of the change. */
export function appendEvent(ctx: Context, event: NewEvent): number {
  return insertEvent(ctx.db, {
    id: null,
    task_id: event.task ?? null,
    doc_id: event.doc ?? null,
    agent: event.by === null ? null : (event.by.agent ?? HUMAN),
    action: event.action,
    version: event.version ?? null,
    detail: JSON.stringify(event.detail ?? {}),
    created_at: event.at ?? timestamp(ctx.clock),
  });
}

/**
 * An event as it leaves the database.
 * @throws CodepaktError `database_damaged` when it is not what was written
 */
export function toEvent(row: EventRow): Event {
  return eventWith(readStoredJson<Record<string, unknown>>(asWritten(row).detail), row);
}

/** An event as it leaves a database that is to be saved: `detail.damaged` says that it is not what was written. */
export function toSavedEvent(row: EventRow): Event {
  return isAsWritten(row) ? toEvent(row) : eventWith({ damaged: row.detail }, row);
}

function eventWith(detail: Record<string, unknown>, row: EventRow): Event {
  return {
    id: row.id,
    task_id: row.task_id === null ? null : taskId(row.task_id),
    doc_id: row.doc_id === null ? null : docId(row.doc_id),
    agent: row.agent,
    action: row.action,
    version: row.version,
    detail,
    created_at: row.created_at,
  };
}

/**
 * The row itself.
 * @throws CodepaktError `database_damaged` when it is not what was written
 */
export function asWritten(row: EventRow): EventRow {
  if (isAsWritten(row)) return row;
  throw new CodepaktError(
    'database_damaged',
    `event ${row.id} is not what was written: a byte of the database was changed`,
    {
      hint: `\`cpk doctor\` looks at all of it. ${RESTORE_HINT}`,
    },
  );
}
