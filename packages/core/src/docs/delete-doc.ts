import type { DocDeleted } from '@codepakt/contract';
import type { By, Context } from '../context.ts';
import { sqlBuilder } from '../database/database.ts';
import { appendEvent } from '../events/append-event.ts';
import { docChanges, requireDocRow, toDoc } from './doc-row.ts';

export interface DeleteDocOptions extends By {
  /** The event whose opposite this is. */
  undoes?: number | undefined;
}

/**
 * Deletes a doc. Its event keeps everything that `restoreDoc` needs, and its number is never
 * given to another.
 * @throws CodepaktError `doc_not_found`
 */
export function deleteDoc(
  ctx: Context,
  id: string,
  { agent, undoes }: DeleteDocOptions = {},
): DocDeleted {
  const row = requireDocRow(ctx, id);
  const doc = toDoc(row);
  ctx.db.run(sqlBuilder.deleteFrom('docs').where('id', '=', row.id));
  const event_id = appendEvent(ctx, {
    action: 'doc_deleted',
    doc: row.id,
    version: row.version + 1,
    detail: {
      ...docChanges(doc, null),
      created_at: [doc.created_at, null],
      legacy_id: [doc.legacy_id, null],
      ...(undoes === undefined ? {} : { undoes }),
    },
    by: { agent },
  });
  return { id: doc.id, deleted: true, event_id };
}
