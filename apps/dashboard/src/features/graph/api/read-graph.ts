import { queryOptions } from '@tanstack/react-query';
import { client } from '../../../app/client.ts';
import { keys } from '../../../lib/query-keys.ts';

/** The tasks and what depends on what; without finished ones unless asked for. */
export function graphQuery(
  project: string,
  { epic, all }: { epic?: string | undefined; all: boolean },
) {
  return queryOptions({
    queryKey: keys.of(project, 'graph', epic, all),
    queryFn: ({ signal }) =>
      client.board.graph(
        {
          params: { project },
          query: { ...(all ? { all } : {}), ...(epic === undefined ? {} : { epic }) },
        },
        { signal },
      ),
  });
}
