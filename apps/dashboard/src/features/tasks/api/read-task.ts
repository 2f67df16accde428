import { queryOptions } from '@tanstack/react-query';
import { client } from '../../../app/client.ts';
import { keys } from '../../../lib/query-keys.ts';

/** One task with what surrounds it. */
export function taskQuery(project: string, id: string) {
  return queryOptions({
    queryKey: keys.of(project, 'task', id),
    queryFn: ({ signal }) => client.tasks.read({ params: { project, id } }, { signal }),
  });
}
