import { queryOptions } from '@tanstack/react-query';
import { client } from '../../../app/client.ts';
import { keys } from '../../../lib/query-keys.ts';

/** Every agent that was ever here, last seen first. Signs of life come without events, so it is asked again. */
export function agentsQuery(project: string) {
  return queryOptions({
    queryKey: keys.of(project, 'agents'),
    queryFn: async ({ signal }) =>
      (await client.agents.list({ params: { project } }, { signal })).items,
    refetchInterval: 10_000,
  });
}
