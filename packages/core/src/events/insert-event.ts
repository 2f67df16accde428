import { type Database, prepared, sqlBuilder } from '../database/database.ts';
import type { EventRow } from '../database/schema.ts';
import { eventChecksum } from './event-checksum.ts';

/** An event for the log. Without a number it gets the next one. */
export type NewEventRow = Omit<EventRow, 'id' | 'checksum'> & { id: number | null };

const insert = prepared((event: NewEventRow & { checksum: number }) =>
  // Listed one by one: the markers that `prepared` hands in can't be spread.
  sqlBuilder.insertInto('events').values({
    id: event.id,
    task_id: event.task_id,
    doc_id: event.doc_id,
    agent: event.agent,
    action: event.action,
    version: event.version,
    detail: event.detail,
    created_at: event.created_at,
    checksum: event.checksum,
  }),
);

/** The one place that writes into the log, but for scans, which do without Kysely; answers the number. */
export function insertEvent(db: Database, event: NewEventRow): number {
  return db.run(insert, { ...event, checksum: eventChecksum(event) }).id;
}
