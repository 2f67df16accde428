import { queryOptions } from '@tanstack/react-query';
import { client } from '../../../app/client.ts';
import { keys } from '../../../lib/query-keys.ts';

/** The projects registered on this machine. */
export const projectsQuery = queryOptions({
  queryKey: keys.projects,
  queryFn: async ({ signal }) => (await client.projects.list({}, { signal })).items,
  // Projects are registered by the command line, without an event that a page could hear.
  staleTime: 5_000,
  refetchOnWindowFocus: true,
});
