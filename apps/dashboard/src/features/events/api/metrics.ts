import type { Task } from '@codepakt/contract';
import { queryOptions } from '@tanstack/react-query';
import { client } from '../../../app/client.ts';
import { keys } from '../../../lib/query-keys.ts';

/** Burn-up of the last days, cycle and review times. */
export function metricsQuery(project: string, days: number) {
  return queryOptions({
    queryKey: keys.of(project, 'metrics', days),
    queryFn: ({ signal }) =>
      client.board.metrics({ params: { project }, query: { days } }, { signal }),
  });
}

type Finished = Pick<Task, 'id' | 'title' | 'started_at' | 'completed_at'>;

/** The tasks that were finished last, each with when it was begun. */
export function finishedQuery(project: string) {
  return queryOptions({
    queryKey: keys.of(project, 'finished'),
    queryFn: async ({ signal }) => {
      const { items } = await client.tasks.list(
        {
          params: { project },
          query: {
            status: ['review', 'done'],
            sort: 'completed_at',
            fields: ['id', 'title', 'started_at', 'completed_at'],
            limit: 300,
          },
        },
        { signal },
      );
      return items as Finished[];
    },
  });
}
