import type { Status } from '@codepakt/contract';
import type { InfiniteData, Query, QueryClient } from '@tanstack/react-query';
import { keys } from '../../../lib/query-keys.ts';
import type { Card } from './card.ts';
import { compareCards, type Filters, passes } from './filters.ts';
import type { ColumnPage } from './list-column.ts';

type Column = InfiniteData<ColumnPage, string | undefined>;

/**
 * Puts cards, as they now are, where they belong in every column that is on show, and takes them
 * out of where they were. So a change costs no more than the cards that it is about.
 */
export function placeCards(
  queryClient: QueryClient,
  project: string,
  cards: readonly Card[],
): void {
  const byId = new Map(cards.map((card) => [card.id, card]));
  for (const query of queryClient.getQueryCache().findAll({
    queryKey: keys.of(project, 'column'),
  })) {
    if (query.state.fetchStatus === 'fetching') placeAgain(queryClient, query, byId);
    else placeIn(queryClient, query, byId);
  }
}

function placeIn(queryClient: QueryClient, query: Query, cards: ReadonlyMap<string, Card>): void {
  const column = query.state.data as Column | undefined;
  if (column === undefined) return;
  const { queryKey } = query;
  const [status, filters] = queryKey.slice(3) as [Status, Filters];
  const { placed, isUnsure } = place(column, cards, status, filters);
  if (placed !== column) queryClient.setQueryData(queryKey, placed);
  if (isUnsure) void queryClient.invalidateQueries({ queryKey });
}

/** The cards that changed while a column was being read, by that reading. */
const changedMeanwhile = new WeakMap<Query, Map<string, Card>>();

/** Places them at once, and when the reading ends, because it may tell of them as they were before. */
function placeAgain(
  queryClient: QueryClient,
  query: Query,
  cards: ReadonlyMap<string, Card>,
): void {
  placeIn(queryClient, query, cards);
  const { promise } = query;
  if (promise === undefined) return;
  const known = changedMeanwhile.get(query);
  const changed = new Map([...(known ?? []), ...cards]);
  changedMeanwhile.set(query, changed);
  if (known !== undefined) return;
  const onEnd = () => {
    const latest = changedMeanwhile.get(query) ?? changed;
    changedMeanwhile.delete(query);
    placeIn(queryClient, query, latest);
  };
  // A reading that failed has told of nothing; its own error is the column's to show.
  promise.then(onEnd, onEnd);
}

/** The cards on show in any column; newest data first does not matter, an id has one card. */
export function cardsOnShow(queryClient: QueryClient, project: string): Map<string, Card> {
  const found = new Map<string, Card>();
  for (const [, column] of queryClient.getQueriesData<Column>({
    queryKey: keys.of(project, 'column'),
  })) {
    for (const page of column?.pages ?? []) for (const card of page.items) found.set(card.id, card);
  }
  return found;
}

export function place(
  column: Column,
  cards: ReadonlyMap<string, Card>,
  status: Status,
  filters: Filters,
): { placed: Column; isUnsure: boolean } {
  const wasHere = new Set<string>();
  let pages = column.pages.map((page) => {
    if (!page.items.some(({ id }) => cards.has(id))) return page;
    for (const { id } of page.items) if (cards.has(id)) wasHere.add(id);
    return { ...page, items: page.items.filter(({ id }) => !cards.has(id)) };
  });
  let isUnsure = false;
  let hasChanged = wasHere.size > 0;
  for (const card of cards.values()) {
    if (card.status !== status) continue;
    const passed = passes(card, filters);
    if (passed === false) continue;
    // Whether it holds the words searched for is the server's to say, unless it was found before.
    if (passed === undefined) isUnsure = true;
    if (passed === undefined && !wasHere.has(card.id)) continue;
    const next = insert(pages, card, status);
    hasChanged ||= next !== pages;
    pages = next;
  }
  return { placed: hasChanged ? { ...column, pages } : column, isUnsure };
}

function insert(pages: ColumnPage[], card: Card, status: Status): ColumnPage[] {
  for (const [index, page] of pages.entries()) {
    const at = page.items.findIndex((other) => compareCards(status, card, other) < 0);
    if (at >= 0) return pages.with(index, { ...page, items: page.items.toSpliced(at, 0, card) });
  }
  const last = pages.at(-1);
  // Further down than what was read so far: it comes with its page.
  if (last === undefined || last.next_cursor !== null) return pages;
  return pages.with(-1, { ...last, items: [...last.items, card] });
}
