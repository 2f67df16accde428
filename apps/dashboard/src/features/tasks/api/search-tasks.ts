import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from '../../../app/client.ts';
import { keys } from '../../../lib/query-keys.ts';

/** A few tasks of any status that hold the words, for choosing one by typing. */
export function taskSearchQuery(project: string, text: string) {
  const search = text.trim();
  return queryOptions({
    queryKey: keys.of(project, 'task-search', search),
    queryFn: async ({ signal }) => {
      const page = await client.tasks.list(
        {
          params: { project },
          query: {
            fields: ['id', 'title', 'status'],
            limit: 8,
            ...(search === '' ? { sort: 'updated_at' as const } : { search }),
          },
        },
        { signal },
      );
      return page.items as { id: string; title: string; status: 'open' }[];
    },
    staleTime: 2_000,
    placeholderData: keepPreviousData,
  });
}
