import { CodepaktError, check, Doc, type DocPatch } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { By, Context } from '../context.ts';
import { sqlBuilder } from '../database/database.ts';
import type { EventRow } from '../database/schema.ts';
import { readStoredJson } from '../database/stored-json.ts';
import { appendEvent, type Changes } from '../events/append-event.ts';
import { docId } from '../ids.ts';
import { deleteDoc } from './delete-doc.ts';
import {
  DOC_FIELDS,
  type DocContent,
  docChanges,
  findDocRow,
  isSame,
  toDoc,
  toDocColumns,
} from './doc-row.ts';
import { updateDoc } from './update-doc.ts';

/**
 * Makes the opposite of a `doc_created`, `doc_updated` or `doc_deleted`; answers the new event's id.
 * @throws CodepaktError `undo_refused` naming the later change in its way
 */
export function undoDocEvent(ctx: Context, event: EventRow, by: By): number {
  const number = event.doc_id;
  if (number === null) throw refused(event, 'it is not about a doc');
  const id = docId(number);
  const changes = readStoredJson<Changes>(event.detail);
  if (event.action === 'doc_deleted') {
    if (findDocRow(ctx, id) !== undefined) throw inTheWay(ctx, event, `${id} is back already`);
    restoreDoc(ctx, number, event, by);
    return lastEventOf(ctx, number);
  }
  refuseIfChangedSince(ctx, event, id, changes);
  const undoes = event.id;
  if (event.action === 'doc_created') return deleteDoc(ctx, id, { ...by, undoes }).event_id;
  updateDoc(ctx, id, valuesBefore(changes), { ...by, undoes });
  return lastEventOf(ctx, number);
}

/** Brings a deleted doc back under its old id, one version on. */
function restoreDoc(ctx: Context, number: number, deletion: EventRow, by: By): void {
  const kept = readStoredJson<Changes>(deletion.detail);
  const content = valuesBefore(kept) as DocContent;
  const at = timestamp(ctx.clock);
  const version = (deletion.version ?? 0) + 1;
  ctx.db.run(
    sqlBuilder.insertInto('docs').values({
      ...toDocColumns(content),
      id: number,
      version,
      created_at: String(kept.created_at?.[0]),
      updated_at: at,
      legacy_id: (kept.legacy_id?.[0] ?? null) as string | null,
    }),
  );
  appendEvent(ctx, {
    action: 'doc_created',
    doc: number,
    version,
    detail: { ...docChanges(null, content), undoes: deletion.id },
    by,
    at,
  });
}

function valuesBefore(changes: Changes): DocPatch {
  const fields = DOC_FIELDS.filter((field) => field in changes);
  for (const field of fields) check(Doc.properties[field], changes[field]?.[0], field);
  return Object.fromEntries(fields.map((field) => [field, changes[field]?.[0]]));
}

function refuseIfChangedSince(ctx: Context, event: EventRow, id: string, changes: Changes): void {
  const row = findDocRow(ctx, id);
  if (row === undefined) throw inTheWay(ctx, event, `${id} was deleted since`);
  const doc = toDoc(row);
  const field = DOC_FIELDS.find(
    (name) => name in changes && !isSame(doc[name], changes[name]?.[1]),
  );
  if (field !== undefined) {
    throw inTheWay(ctx, event, `the ${field} of ${id} was changed since`, field);
  }
}

/** Names the last later event of the doc, or the last that changed one field of it. */
function inTheWay(ctx: Context, event: EventRow, why: string, field?: string): CodepaktError {
  const later = ctx.db
    .all(
      sqlBuilder
        .selectFrom('events')
        .select(['id', 'detail'])
        .where('doc_id', '=', event.doc_id)
        .where('id', '>', event.id)
        .orderBy('id', 'desc'),
    )
    .find(({ detail }) => field === undefined || field in readStoredJson<object>(detail));
  return refused(event, later === undefined ? why : `${why}, by event ${later.id}`, later?.id);
}

function refused(event: EventRow, why: string, in_the_way?: number): CodepaktError {
  return new CodepaktError('undo_refused', `event ${event.id} can't be undone: ${why}`, {
    ...(in_the_way === undefined
      ? {}
      : { hint: `Undo event ${in_the_way} first.`, details: { in_the_way } }),
  });
}

function lastEventOf(ctx: Context, number: number): number {
  const last = ctx.db.first(
    sqlBuilder
      .selectFrom('events')
      .select('id')
      .where('doc_id', '=', number)
      .orderBy('id', 'desc')
      .limit(1),
  );
  return last?.id ?? 0;
}
