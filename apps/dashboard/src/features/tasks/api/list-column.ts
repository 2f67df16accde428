import type { Status } from '@codepakt/contract';
import { infiniteQueryOptions } from '@tanstack/react-query';
import { client } from '../../../app/client.ts';
import { keys } from '../../../lib/query-keys.ts';
import { CARD_FIELDS, type Card } from './card.ts';
import { type Filters, toTaskQuery } from './filters.ts';

export interface ColumnPage {
  items: Card[];
  next_cursor: string | null;
}

/** Enough for any screen; what lies further down is asked for when somebody scrolls there. */
const FIRST_PAGE = 40;
const NEXT_PAGES = 250;

/** The tasks of one status in their order, a page at a time. */
export function columnQuery(project: string, status: Status, filters: Filters) {
  return infiniteQueryOptions({
    queryKey: keys.of(project, 'column', status, filters),
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }): Promise<ColumnPage> => {
      const page = await client.tasks.list(
        {
          params: { project },
          query: {
            ...toTaskQuery(status, filters),
            fields: [...CARD_FIELDS],
            limit: pageParam === undefined ? FIRST_PAGE : NEXT_PAGES,
            ...(pageParam === undefined ? {} : { cursor: pageParam }),
          },
        },
        { signal },
      );
      return { items: page.items as Card[], next_cursor: page.next_cursor };
    },
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });
}
