import type { Doc, DocPatch } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { By, Context } from '../context.ts';
import { sqlBuilder } from '../database/database.ts';
import { appendEvent } from '../events/append-event.ts';
import { refuseStale } from '../events/refuse-stale.ts';
import {
  DOC_FIELDS,
  type DocContent,
  docChanges,
  requireDocRow,
  toDoc,
  toDocColumns,
} from './doc-row.ts';

export interface UpdateDocOptions extends By {
  /** The version that the patch was made from. */
  if_match?: number | undefined;
  /** The event whose opposite this is. */
  undoes?: number | undefined;
}

/**
 * Changes the fields of the patch; nothing when they are so already.
 * @throws CodepaktError `doc_not_found`; `stale_version` when a field of the patch was changed
 * after version `if_match`: changes of other fields merge.
 */
export function updateDoc(
  ctx: Context,
  id: string,
  patch: DocPatch,
  { agent, if_match, undoes }: UpdateDocOptions = {},
): Doc {
  const row = requireDocRow(ctx, id);
  const before = toDoc(row);
  if (if_match !== undefined && if_match < row.version) {
    refuseStale(ctx, { doc: row.id }, patch, if_match, before);
  }
  const after = patched(before, patch);
  const changes = docChanges(before, after);
  if (Object.keys(changes).length === 0) return before;
  const at = timestamp(ctx.clock);
  const version = row.version + 1;
  ctx.db.run(
    sqlBuilder
      .updateTable('docs')
      .set({ ...toDocColumns(after), version, updated_at: at })
      .where('id', '=', row.id),
  );
  appendEvent(ctx, {
    action: 'doc_updated',
    doc: row.id,
    version,
    detail: undoes === undefined ? changes : { ...changes, undoes },
    by: { agent },
    at,
  });
  return toDoc(requireDocRow(ctx, id));
}

function patched(before: Doc, patch: DocPatch): DocContent {
  const after: Record<string, unknown> = {};
  for (const field of DOC_FIELDS)
    after[field] = patch[field] === undefined ? before[field] : patch[field];
  const content = after as DocContent;
  return { ...content, tags: [...new Set(content.tags)] };
}
