import { type Doc, type DocInput, HUMAN } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { By, Context } from '../context.ts';
import { sqlBuilder } from '../database/database.ts';
import { appendEvent } from '../events/append-event.ts';
import { docId } from '../ids.ts';
import { type DocContent, docChanges, requireDocRow, toDoc, toDocColumns } from './doc-row.ts';

/** Writes a doc; its author is who acts, unless the input names another. */
export function createDoc(ctx: Context, input: DocInput, by: By): Doc {
  const at = timestamp(ctx.clock);
  const content: DocContent = {
    type: input.type,
    title: input.title,
    body: input.body,
    section: input.section ?? null,
    tags: [...new Set(input.tags)],
    author: input.author === undefined ? (by.agent ?? HUMAN) : input.author,
  };
  const { id } = ctx.db.run(
    sqlBuilder
      .insertInto('docs')
      .values({ ...toDocColumns(content), created_at: at, updated_at: at }),
  );
  appendEvent(ctx, {
    action: 'doc_created',
    doc: id,
    version: 1,
    detail: docChanges(null, content),
    by,
    at,
  });
  return toDoc(requireDocRow(ctx, docId(id)));
}
