import { isDeepStrictEqual } from 'node:util';
import type { Doc } from '@codepakt/contract';
import type { Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import type { DocRow, EventRow } from '../database/schema.ts';
import { DOC_FIELDS, toDoc } from '../docs/doc-row.ts';
import { type Changes, toEvent } from '../events/append-event.ts';
import { docId } from '../ids.ts';
import { inMoments } from './moments.ts';

/** Each may have a megabyte, and its events twice that. */
const SLICE = 20;

const docs = prepared<{ after: number; limit: number }, DocRow>((p) =>
  sqlBuilder.selectFrom('docs').selectAll().where('id', '>', p.after).orderBy('id').limit(p.limit),
);

const eventsOf = prepared<{ after: number; up_to: number }, EventRow>((p) =>
  sqlBuilder
    .selectFrom('events')
    .selectAll()
    .where('doc_id', '>', p.after)
    .where('doc_id', '<=', p.up_to)
    .orderBy('doc_id')
    .orderBy('id'),
);

/** Docs that are not what their events tell. */
export function docsAstray(ctx: Context): Generator<string[]> {
  return inMoments(ctx, (after) => {
    const rows = ctx.db.all(docs, { after, limit: SLICE });
    const next = rows.at(-1)?.id;
    const told = replay(ctx.db.iterate(eventsOf, { after, up_to: next ?? after }));
    const astray = rows.filter((row) => isAstray(toDoc(row), told.get(row.id)));
    return { astray: astray.map(({ id }) => docId(id)), next };
  });
}

function replay(events: Iterable<EventRow>): Map<number, Record<string, unknown>> {
  const told = new Map<number, Record<string, unknown>>();
  const created = new Map<number, string>();
  for (const row of events) {
    const { doc_id, action, created_at: updated_at } = row;
    if (doc_id === null) continue;
    if (action === 'doc_deleted') {
      told.delete(doc_id);
      continue;
    }
    // The docs of an older board came without events; what changed of them since is no whole.
    if (action !== 'doc_created' && !told.has(doc_id)) continue;
    const { detail } = toEvent(row);
    // A doc that was deleted and brought back is as old as it was.
    if (action === 'doc_created' && !('undoes' in detail)) created.set(doc_id, updated_at);
    const created_at = created.get(doc_id);
    const times = created_at === undefined ? { updated_at } : { created_at, updated_at };
    told.set(doc_id, { ...told.get(doc_id), ...valuesAfter(detail as Changes), ...times });
  }
  return told;
}

function isAstray(doc: Doc, told: Record<string, unknown> | undefined): boolean {
  const values = new Map(Object.entries(doc));
  return Object.entries(told ?? {}).some(
    ([name, value]) => !isDeepStrictEqual(values.get(name), value),
  );
}

function valuesAfter(changes: Changes): Record<string, unknown> {
  const fields = DOC_FIELDS.filter((name) => name in changes);
  return Object.fromEntries(fields.map((name) => [name, changes[name]?.[1]]));
}
