import type { DocHit, DocSearchQuery, DocType } from '@codepakt/contract';
import { sql } from 'kysely';
import type { Context } from '../context.ts';
import { sqlBuilder } from '../database/database.ts';
import { ftsQuery } from '../database/fts-query.ts';
import { docId } from '../ids.ts';

const HITS = 10;

/** Stand around a found word until the text's own `**` are out of the way. */
const OPEN = '\u0002';
const CLOSE = '\u0003';

/** A title says most about a doc, its tags more than a word of its body: the weights of bm25. */
const WEIGHTS = sql.raw('10.0, 5.0, 1.0');
/** The columns of the index by number; the body shows more than the title, which is in the hit anyway. */
const COLUMNS_BY_WORTH = [2, 0, 1];
const TAGS = 1;
/** So much of a text is shown before the place found, and twice as much from there on. */
const REACH = 60;

interface Found {
  id: number;
  type: DocType;
  title: string;
  snippet: string;
}

/**
 * The docs that hold every word of the text, best first. What the index can't find by words (an
 * emoji, the middle of a word, a script without spaces) is looked for as it stands.
 */
export function searchDocs(ctx: Context, query: DocSearchQuery): { items: DocHit[] } {
  const found = byWords(ctx, query);
  return { items: (found.length > 0 ? found : byText(ctx, query)).map(toHit) };
}

function byWords(ctx: Context, { q, type, limit = HITS }: DocSearchQuery): Found[] {
  const match = ftsQuery(q);
  if (match === null) return [];
  const best = ctx.db.all(
    sqlBuilder
      .selectFrom('docs_fts')
      .innerJoin('docs', 'docs.id', 'docs_fts.rowid')
      .select(['docs.id', 'docs.type', 'docs.title'])
      .where(sql<boolean>`docs_fts MATCH ${match}`)
      .$if(type !== undefined, (docs) => docs.where('docs.type', '=', type as DocType))
      .orderBy(sql`bm25(docs_fts, ${WEIGHTS})`)
      .orderBy('docs.id')
      .limit(limit),
  );
  return best.map((doc) => ({ ...doc, snippet: placeIn(ctx, doc.id, match) ?? doc.title }));
}

/**
 * Where a doc holds the words, marked. Not by FTS5's snippet(), whose time grows with the square
 * of how often a word is there: a minute for a long doc, in which nobody else is served.
 */
function placeIn(ctx: Context, id: number, match: string): string | undefined {
  for (const column of COLUMNS_BY_WORTH) {
    const marked = ctx.db.first(
      sqlBuilder
        .selectFrom('docs_fts')
        .select(sql<string>`highlight(docs_fts, ${sql.lit(column)}, ${OPEN}, ${CLOSE})`.as('text'))
        .where(sql<boolean>`docs_fts MATCH ${match}`)
        // Without the cast it is a double, which FTS5 takes for no condition at all.
        .where(sql<boolean>`rowid = CAST(${id} AS INTEGER)`),
    );
    if (marked?.text.includes(OPEN)) {
      return aroundMark(column === TAGS ? listed(marked.text) : marked.text);
    }
  }
  return undefined;
}

/** The index holds tags as the JSON that they are kept in. */
function listed(json: string): string {
  return json
    .replaceAll(/^\["|"\]$/g, '')
    .replaceAll('","', ', ')
    .replaceAll('\\"', '"');
}

/** The piece of a text around its first mark. */
function aroundMark(text: string): string {
  const at = text.indexOf(OPEN);
  const from = Math.max(0, at - REACH);
  const to = Math.min(text.length, at + 2 * REACH);
  const piece = text.slice(from, to);
  const end = piece.lastIndexOf(OPEN) > piece.lastIndexOf(CLOSE) ? CLOSE : '';
  return `${from > 0 ? '…' : ''}${piece}${end}${to < text.length ? '…' : ''}`.toWellFormed();
}

function byText(ctx: Context, { q, type, limit = HITS }: DocSearchQuery): Found[] {
  const wanted = lower(q.trim());
  if (wanted === '') return [];
  const rows = ctx.db.all(
    sqlBuilder
      .selectFrom('docs')
      .select(['id', 'type', 'title', 'body'])
      .where(
        sql<boolean>`instr(lower(title || char(10) || tags || char(10) || body), ${wanted}) > 0`,
      )
      .$if(type !== undefined, (docs) => docs.where('type', '=', type as DocType))
      .orderBy('id')
      .limit(limit),
  );
  return rows.map(({ body, ...doc }) => ({ ...doc, snippet: around(body, wanted, doc.title) }));
}

/** The piece of the body around the text found; the title when it is not in the body. */
function around(body: string, wanted: string, title: string): string {
  const at = lower(body).indexOf(wanted);
  if (at === -1) return title;
  const end = at + wanted.length;
  const from = Math.max(0, at - REACH);
  const to = Math.min(body.length, end + REACH);
  const before = `${from > 0 ? '…' : ''}${body.slice(from, at)}`;
  const after = `${body.slice(end, to)}${to < body.length ? '…' : ''}`;
  return `${before}${OPEN}${body.slice(at, end)}${CLOSE}${after}`.toWellFormed();
}

/** As SQLite's lower(): A to Z only, so that places stay where they are. */
function lower(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function toHit({ id, type, title, snippet }: Found): DocHit {
  const text = snippet.replaceAll('**', '').replaceAll(/\s+/gu, ' ').trim();
  return {
    id: docId(id),
    type,
    title,
    snippet: text.replaceAll(OPEN, '**').replaceAll(CLOSE, '**'),
  };
}
