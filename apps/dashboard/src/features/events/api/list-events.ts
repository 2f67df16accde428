import { infiniteQueryOptions } from '@tanstack/react-query';
import { client } from '../../../app/client.ts';
import { keys } from '../../../lib/query-keys.ts';

export interface EventFilters {
  task?: string | undefined;
  agent?: string | undefined;
  action?: string | undefined;
}

/** The audit log, newest first, a page at a time. New events are put in front as they happen. */
export function eventsQuery(project: string, filters: EventFilters) {
  const { task, agent, action } = filters;
  return infiniteQueryOptions({
    queryKey: keys.of(project, 'events', { task, agent, action }),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      client.events.list(
        {
          params: { project },
          query: {
            limit: 60,
            ...(task === undefined ? {} : { task }),
            ...(agent === undefined ? {} : { agent }),
            ...(action === undefined ? {} : { action: [action] }),
            ...(pageParam === undefined ? {} : { cursor: pageParam }),
          },
        },
        { signal },
      ),
    getNextPageParam: ({ next_cursor }) => next_cursor ?? undefined,
  });
}
