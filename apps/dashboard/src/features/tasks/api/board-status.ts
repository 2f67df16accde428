import { queryOptions } from '@tanstack/react-query';
import { client } from '../../../app/client.ts';
import { keys } from '../../../lib/query-keys.ts';

/** Counts, what is blocked, who is here. */
export function boardStatusQuery(project: string) {
  return queryOptions({
    queryKey: keys.of(project, 'status'),
    queryFn: ({ signal }) => client.board.status({ params: { project } }, { signal }),
  });
}

/** The epics, tags and assignees that there are. */
export function labelsQuery(project: string) {
  return queryOptions({
    queryKey: keys.of(project, 'labels'),
    queryFn: ({ signal }) => client.board.labels({ params: { project } }, { signal }),
  });
}
