import { CodepaktError, type Doc, type DocListItem } from '@codepakt/contract';
import type { Context } from '../context.ts';
import { prepared, sqlBuilder } from '../database/database.ts';
import type { DocRow } from '../database/schema.ts';
import { readStoredJson } from '../database/stored-json.ts';
import type { Changes } from '../events/append-event.ts';
import { docId, numberOf } from '../ids.ts';

/** The fields that people write; each change of one is in an event. */
export const DOC_FIELDS = ['type', 'title', 'body', 'section', 'tags', 'author'] as const;
export type DocContent = Pick<Doc, (typeof DOC_FIELDS)[number]>;

const docByNumber = prepared((p: { id: number }) =>
  sqlBuilder.selectFrom('docs').selectAll().where('id', '=', p.id),
);
const docByLegacyId = prepared((p: { legacy_id: string }) =>
  sqlBuilder.selectFrom('docs').selectAll().where('legacy_id', '=', p.legacy_id),
);

/** The row of `D-001`, `d-1` or the UUID of an older board; undefined when there is none. */
export function findDocRow(ctx: Context, id: string): DocRow | undefined {
  const number = numberOf('D', id);
  if (number !== undefined) return ctx.db.first(docByNumber, { id: number });
  return ctx.db.first(docByLegacyId, { legacy_id: id });
}

/** The number of the doc that a text names, or undefined when it names none. It may be deleted. */
export function docNumber(ctx: Context, id: string): number | undefined {
  return numberOf('D', id) ?? findDocRow(ctx, id)?.id;
}

/** @throws CodepaktError `doc_not_found` */
export function requireDocRow(ctx: Context, id: string): DocRow {
  const row = findDocRow(ctx, id);
  if (row !== undefined) return row;
  throw new CodepaktError('doc_not_found', `there is no doc ${id}`, {
    hint: '`cpk docs list` shows the docs.',
  });
}

/** A doc as it leaves the database. */
export function toDoc(row: DocRow): Doc {
  return { ...toDocListItem(row), body: row.body };
}

/** A doc without its body. */
export function toDocListItem(row: Omit<DocRow, 'body'>): DocListItem {
  return {
    id: docId(row.id),
    type: row.type,
    title: row.title,
    section: row.section,
    tags: readStoredJson<string[]>(row.tags),
    author: row.author,
    version: row.version,
    created_at: row.created_at,
    updated_at: row.updated_at,
    legacy_id: row.legacy_id,
  };
}

/** A doc's content as its columns. */
export function toDocColumns(content: DocContent) {
  return { ...content, tags: JSON.stringify(content.tags) };
}

/** What differs between two states of a doc; null stands for no doc at all. */
export function docChanges(before: DocContent | null, after: DocContent | null): Changes {
  const changes: Changes = {};
  for (const field of DOC_FIELDS) {
    const pair: Changes[string] = [before?.[field] ?? null, after?.[field] ?? null];
    const both = before !== null && after !== null;
    if (!both || !isSame(pair[0], pair[1])) changes[field] = pair;
  }
  return changes;
}

/** Whether two values of a field are the same. */
export function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
