import type { Task } from '@codepakt/contract';
import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from '../../../app/client.ts';
import { keys } from '../../../lib/query-keys.ts';

export type TaskName = Pick<Task, 'id' | 'title' | 'status'>;

/** More than a list of links can use. */
const MOST = 100;

/** Titles and statuses of the tasks that another one is linked with. */
export function taskNamesQuery(project: string, ids: readonly string[]) {
  return queryOptions({
    queryKey: keys.of(project, 'task', 'names', ids.join(' ')),
    queryFn: async ({ signal }) => {
      const { items } = await client.tasks.list(
        {
          params: { project },
          query: { id: ids.slice(0, MOST), fields: ['id', 'title', 'status'], limit: MOST },
        },
        { signal },
      );
      return new Map((items as TaskName[]).map((task) => [task.id, task]));
    },
    enabled: ids.length > 0,
    // Their statuses change without an event of the task that links to them.
    staleTime: 5_000,
    placeholderData: keepPreviousData,
  });
}
