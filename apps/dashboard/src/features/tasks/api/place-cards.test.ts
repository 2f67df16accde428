import { type InfiniteData, QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { keys } from '../../../lib/query-keys.ts';
import type { Card } from './card.ts';
import type { ColumnPage } from './list-column.ts';
import { place, placeCards } from './place-cards.ts';

const card = (id: string, rest: Partial<Card> = {}): Card => ({
  id,
  title: id,
  status: 'open',
  hold: false,
  priority: 'P1',
  assignee: null,
  epic: null,
  tags: [],
  depends_on: [],
  waits_for: [],
  blocker_reason: null,
  lease_expires_at: null,
  lease_expired: false,
  started_at: null,
  completed_at: null,
  version: 1,
  ...rest,
});

const column = (ids: string[], next_cursor: string | null = null) => ({
  pages: [{ items: ids.map((id) => card(id)), next_cursor }],
  pageParams: [undefined],
});

function idsAfter(cards: Card[], start = column(['T-001', 'T-003']), filters = {}) {
  const byId = new Map(cards.map((one) => [one.id, one]));
  const { placed, isUnsure } = place(start, byId, 'open', filters);
  return { ids: placed.pages.flatMap((page) => page.items.map(({ id }) => id)), isUnsure };
}

test('a card comes in at its place, by priority and number', () => {
  const cards = [card('T-002'), card('T-1000'), card('T-009', { priority: 'P0' })];
  expect(idsAfter(cards).ids).toEqual(['T-009', 'T-001', 'T-002', 'T-003', 'T-1000']);
});

test('a card that has another status leaves; one that changed its priority moves', () => {
  const cards = [card('T-001', { status: 'review' }), card('T-003', { priority: 'P0' })];
  expect(idsAfter(cards, column(['T-001', 'T-002', 'T-003'])).ids).toEqual(['T-003', 'T-002']);
});

test('a card beyond what was read so far comes later, with its page', () => {
  expect(idsAfter([card('T-009')], column(['T-001'], 'more')).ids).toEqual(['T-001']);
});

test('a card that the filters keep out stays out; a search only the server can answer', () => {
  expect(idsAfter([card('T-002')], undefined, { epic: 'login' }).ids).toEqual(['T-001', 'T-003']);
  expect(idsAfter([card('T-002')], undefined, { q: 'login' })).toEqual({
    ids: ['T-001', 'T-003'],
    isUnsure: true,
  });
});

test('what was done more than two weeks ago shows only where older ones are asked for', () => {
  const old = card('T-002', { status: 'done', completed_at: '2020-01-01T00:00:00.000Z' });
  const cards = new Map([[old.id, old]]);
  const idsIn = (filters: object) =>
    place(column([]), cards, 'done', filters).placed.pages[0]?.items.map(({ id }) => id);
  expect(idsIn({})).toEqual([]);
  expect(idsIn({ older: 'yes' })).toEqual(['T-002']);
});

test('a card that changes while its column is being read is there when it has been read', async () => {
  const queryClient = new QueryClient();
  const queryKey = keys.of('shop', 'column', 'open', {});
  const answer = Promise.withResolvers<ColumnPage>();
  const reading = queryClient.fetchInfiniteQuery({
    queryKey,
    initialPageParam: undefined,
    queryFn: () => answer.promise,
  });
  placeCards(queryClient, 'shop', [card('T-002'), card('T-001', { status: 'review' })]);
  placeCards(queryClient, 'shop', [card('T-002', { title: 'and changes again' })]);
  // The server read this before the cards were changed.
  answer.resolve({ items: [card('T-001'), card('T-003')], next_cursor: null });
  await reading;
  const shown = queryClient.getQueryData<InfiniteData<ColumnPage>>(queryKey);
  expect(shown?.pages[0]?.items.map(({ id, title }) => [id, title])).toEqual([
    ['T-002', 'and changes again'],
    ['T-003', 'T-003'],
  ]);
});

test('where nothing belongs nothing is made anew, so that nothing is drawn again', () => {
  const start = column(['T-001']);
  const other = new Map([['T-002', card('T-002', { status: 'done' })]]);
  expect(place(start, other, 'open', {}).placed).toBe(start);
});
