import { CodepaktError } from '@codepakt/contract';
import type { Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import { numberOf } from '../ids.ts';

/**
 * Refuses to refer to a doc that is not there; what a task refers to already stays, also when the
 * doc was deleted since.
 * @throws CodepaktError `invalid_input`
 */
export function requireDocs(
  ctx: Context,
  refs: readonly string[] = [],
  present: readonly string[] = [],
): void {
  for (const ref of refs) {
    if (present.includes(ref) || isDoc(ctx, ref)) continue;
    throw new CodepaktError('invalid_input', `context_refs names ${ref}, which does not exist`, {
      hint: '`cpk docs list` shows the docs; write one first with `cpk docs write`.',
      details: { context_refs: ref },
    });
  }
}

const byNumber = prepared<{ id: number }, { id: number }>((p) =>
  sqlBuilder.selectFrom('docs').select('id').where('id', '=', p.id),
);
const byLegacyId = prepared<{ legacy_id: string }, { id: number }>((p) =>
  sqlBuilder.selectFrom('docs').select('id').where('legacy_id', '=', p.legacy_id),
);

function isDoc(ctx: Context, ref: string): boolean {
  const id = numberOf('D', ref);
  const doc =
    id === undefined
      ? ctx.db.first(byLegacyId, { legacy_id: ref })
      : ctx.db.first(byNumber, { id });
  return doc !== undefined;
}
