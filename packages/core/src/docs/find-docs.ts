import { CodepaktError, type Doc, type DocListItem, type DocListQuery } from '@codepakt/contract';
import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { sqlBuilder } from '../database/database.ts';
import type { DocRow } from '../database/schema.ts';
import { countThatFits } from '../page-size.ts';
import { requireDocRow, toDoc, toDocListItem } from './doc-row.ts';

const PAGE = 50;

const COLUMNS = [
  'id',
  'type',
  'title',
  'section',
  'tags',
  'author',
  'version',
  'created_at',
  'updated_at',
  'legacy_id',
] as const satisfies (keyof DocRow)[];

/**
 * One doc by `D-001` or the UUID it had on an older board.
 * @throws CodepaktError `doc_not_found`
 */
export function getDoc(ctx: Context, id: string): Doc {
  return toDoc(requireDocRow(ctx, id));
}

/**
 * A page of docs, the oldest first, without bodies unless asked for. With bodies a page also ends
 * before they come to more than `LIMITS.body_bytes`.
 */
export function listDocs(
  ctx: Context,
  query: DocListQuery,
): { items: DocListItem[]; next_cursor: string | null } {
  const limit = query.limit ?? PAGE;
  let docs = sqlBuilder
    .selectFrom('docs')
    .select(COLUMNS)
    .select(sql<number>`octet_length(body)`.as('bytes'))
    .where('id', '>', afterCursor(query.cursor));
  if (query.type !== undefined) docs = docs.where('type', '=', query.type);
  if (query.tag !== undefined) {
    docs = docs.where(
      sql<boolean>`EXISTS (SELECT 1 FROM json_each(docs.tags) WHERE value = ${query.tag})`,
    );
  }
  const rows = ctx.db.all(docs.orderBy('id').limit(limit + 1));
  const bodies = query.bodies === true;
  const page = rows.slice(0, bodies ? Math.min(limit, countThatFits(rows)) : limit);
  const last = page.at(-1);
  return {
    items: bodies ? withBodies(ctx, page) : page.map(toDocListItem),
    next_cursor:
      last !== undefined && rows.length > page.length ? encodeCursor(['docs', last.id]) : null,
  };
}

function afterCursor(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const [list, id] = decodeCursor(cursor);
  if (list === 'docs' && typeof id === 'number') return id;
  throw new CodepaktError('invalid_input', 'cursor is not one of a list of docs', {
    errors: [{ path: '/cursor', message: 'belongs to another list' }],
  });
}

function withBodies(ctx: Context, page: readonly Omit<DocRow, 'body'>[]): DocListItem[] {
  const bodies = ctx.db.all(
    sqlBuilder
      .selectFrom('docs')
      .select(['id', 'body'])
      .where(
        'id',
        'in',
        page.map(({ id }) => id),
      ),
  );
  const bodyOf = new Map(bodies.map(({ id, body }) => [id, body]));
  return page.map((row) => toDoc({ ...row, body: bodyOf.get(row.id) ?? '' }));
}
