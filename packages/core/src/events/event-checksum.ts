import type { EventRow } from '../database/schema.ts';

/**
 * A number that follows from all that an event says but its own number, which SQLite gives later and
 * an index holds a second time. The JSON before `detail` ends where it ends, so that nothing can
 * move from one to the other.
 */
export function eventChecksum(event: Omit<EventRow, 'id' | 'checksum'>): number {
  const { task_id, doc_id, agent, action, version, detail, created_at } = event;
  const head = JSON.stringify([task_id, doc_id, agent, action, version, created_at]);
  // Loaded when it is needed: a scan that finds nothing new writes no event.
  return process.getBuiltinModule('node:zlib').crc32(head + detail);
}

/** Whether an event still says what was written; of one that is older than checksums nobody knows. */
export function isAsWritten(event: EventRow): boolean {
  return event.checksum === null || event.checksum === eventChecksum(event);
}
