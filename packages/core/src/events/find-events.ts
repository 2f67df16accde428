import {
  CodepaktError,
  type Event,
  type EventListQuery,
  type EventStreamQuery,
} from '@codepakt/contract';
import { type SelectQueryBuilder, sql } from 'kysely';
import type { Context } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import { raw } from '../database/raw.ts';
import type { EventRow, Tables } from '../database/schema.ts';
import { docNumber } from '../docs/doc-row.ts';
import { eventNumber } from '../ids.ts';
import { countThatFits } from '../page-size.ts';
import { findTask } from '../tasks/load-task.ts';
import { asWritten, toEvent } from './append-event.ts';

const PAGE = 50;

type Selection = SelectQueryBuilder<Tables, 'events', EventRow>;
type Filter = Pick<EventListQuery, 'task' | 'doc' | 'agent' | 'action'>;

/** A page of the audit log, newest first unless asked otherwise. */
export function listEvents(
  ctx: Context,
  query: EventListQuery,
): { items: Event[]; next_cursor: string | null } {
  const limit = query.limit ?? PAGE;
  const direction = query.order ?? 'desc';
  let events = filtered(ctx, query);
  if (query.after !== undefined) events = events.where('id', '>', query.after);
  if (query.since !== undefined) events = events.where('id', '>', lastBefore(ctx, query.since));
  if (query.cursor !== undefined) {
    const [id] = decodeCursor(query.cursor);
    if (typeof id !== 'number') {
      throw new CodepaktError('invalid_input', 'cursor belongs to another list', {
        errors: [{ path: '/cursor', message: 'belongs to another list' }],
      });
    }
    events = events.where('id', direction === 'asc' ? '>' : '<', id);
  }
  const { items, hasMore } = readPage(ctx, events.orderBy('id', direction), limit);
  const last = items.at(-1);
  return { items, next_cursor: hasMore && last !== undefined ? encodeCursor([last.id]) : null };
}

/** The next events after `id`, oldest first: at most `limit`, at least one when there is any. */
export function eventsAfter(
  ctx: Context,
  id: number,
  filter: Omit<EventStreamQuery, 'after'>,
  limit: number,
): Event[] {
  return readPage(ctx, filtered(ctx, filter).where('id', '>', id).orderBy('id'), limit).items;
}

/** The event of a doc holds its text twice: a page ends before it comes to more than we would take in. */
function readPage(
  ctx: Context,
  events: Selection,
  limit: number,
): { items: Event[]; hasMore: boolean } {
  const sizes = ctx.db.all(
    events
      .clearSelect()
      .select(sql<number>`octet_length(detail)`.as('bytes'))
      .limit(limit + 1),
  );
  const fitting = Math.min(limit, countThatFits(sizes));
  return {
    items: ctx.db.all(events.limit(fitting)).map(toEvent),
    hasMore: sizes.length > fitting,
  };
}

const newest = prepared<object, { id: number }>(() =>
  sqlBuilder.selectFrom('events').select('id').orderBy('id', 'desc').limit(1),
);

/** The id of the newest event; 0 when there is none. */
export function lastEventId(ctx: Context): number {
  return ctx.db.first(newest, {})?.id ?? 0;
}

const newestRestore = prepared<object, { id: number }>(
  () => raw<{ id: number }>`
    SELECT id FROM events WHERE action = 'board_restored' ORDER BY id DESC LIMIT 1`,
);

/** The id of the event that tells of the last restored backup; 0 when there is none. */
export function lastRestore(ctx: Context): number {
  return ctx.db.first(newestRestore, {})?.id ?? 0;
}

/** @throws CodepaktError `event_not_found` */
export function findEvent(ctx: Context, id: string | number): Event {
  return toEvent(eventRow(ctx, typeof id === 'number' ? id : eventNumber(id)));
}

/** @throws CodepaktError `event_not_found` */
export function eventRow(ctx: Context, id: number): EventRow {
  const row = ctx.db.first(sqlBuilder.selectFrom('events').selectAll().where('id', '=', id));
  if (row !== undefined) return asWritten(row);
  throw new CodepaktError('event_not_found', `there is no event ${id}`, {
    hint: '`cpk events` lists the events with their numbers.',
  });
}

function filtered(ctx: Context, { task, doc, agent, action }: Filter): Selection {
  let events: Selection = sqlBuilder.selectFrom('events').selectAll();
  if (task !== undefined) events = events.where('task_id', '=', findTask(ctx, task).id);
  if (doc !== undefined) events = events.where('doc_id', '=', docNumber(ctx, doc) ?? -1);
  if (agent !== undefined) events = events.where('agent', '=', agent);
  if (action !== undefined) events = events.where('action', 'in', action);
  return events;
}

/** The log is walked back from its end: it is ordered by number, and clocks may have jumped. */
function lastBefore(ctx: Context, since: string): number {
  const row = ctx.db.first(
    sqlBuilder
      .selectFrom('events')
      .select('id')
      .where('created_at', '<', new Date(since).toISOString())
      .orderBy('id', 'desc')
      .limit(1),
  );
  return row?.id ?? 0;
}
