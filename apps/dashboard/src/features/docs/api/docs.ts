import type { DocType } from '@codepakt/contract';
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from '../../../app/client.ts';
import { keys } from '../../../lib/query-keys.ts';

/** The docs without their bodies, a page at a time. */
export function docsQuery(project: string, type: DocType | undefined) {
  return infiniteQueryOptions({
    queryKey: keys.of(project, 'docs', 'list', type),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.docs.list(
        {
          params: { project },
          query: {
            limit: 100,
            ...(type === undefined ? {} : { type }),
            ...(pageParam === undefined ? {} : { cursor: pageParam }),
          },
        },
        { signal },
      ),
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });
}

/** The docs that hold every word, best first, with the place found. */
export function docSearchQuery(project: string, q: string, type?: DocType) {
  return queryOptions({
    queryKey: keys.of(project, 'docs', 'search', q, type),
    queryFn: async ({ signal }) =>
      (
        await client.docs.search(
          {
            params: { project },
            query: { q, limit: 30, ...(type === undefined ? {} : { type }) },
          },
          { signal },
        )
      ).items,
    placeholderData: keepPreviousData,
  });
}

export function docQuery(project: string, id: string) {
  return queryOptions({
    queryKey: keys.of(project, 'docs', 'one', id),
    queryFn: ({ signal }) => client.docs.read({ params: { project, id } }, { signal }),
  });
}
