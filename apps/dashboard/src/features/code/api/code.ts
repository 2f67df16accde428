import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from '../../../app/client.ts';
import { keys } from '../../../lib/query-keys.ts';

/** The size of the code, and the files that hold it together. */
export function codeSummaryQuery(project: string) {
  return queryOptions({
    queryKey: keys.of(project, 'code', 'summary'),
    queryFn: ({ signal }) => client.code.summary({ params: { project } }, { signal }),
  });
}

/** Declarations by words of their names and comments. */
export function codeSearchQuery(project: string, q: string) {
  return queryOptions({
    queryKey: keys.of(project, 'code', 'search', q),
    queryFn: async ({ signal }) =>
      (await client.code.search({ params: { project }, query: { q, limit: 40 } }, { signal }))
        .items,
    placeholderData: keepPreviousData,
  });
}

/** What lies directly in a folder; undefined is the project's root. */
export function folderQuery(project: string, folder: string | undefined) {
  return queryOptions({
    queryKey: keys.of(project, 'code', 'folder', folder),
    queryFn: ({ signal }) =>
      client.code.folder(
        { params: { project }, query: folder === undefined ? {} : { folder } },
        { signal },
      ),
    placeholderData: keepPreviousData,
  });
}

export function outlineQuery(project: string, file: string) {
  return queryOptions({
    queryKey: keys.of(project, 'code', 'outline', file),
    queryFn: ({ signal }) =>
      client.code.outline({ params: { project }, query: { file } }, { signal }),
  });
}

export function dependentsQuery(project: string, file: string) {
  return queryOptions({
    queryKey: keys.of(project, 'code', 'dependents', file),
    queryFn: ({ signal }) =>
      client.code.dependents({ params: { project }, query: { file, limit: 30 } }, { signal }),
  });
}

/** The text of one declaration, by its place: `src/project.ts:98`. */
export function sourceQuery(project: string, of: string) {
  return queryOptions({
    queryKey: keys.of(project, 'code', 'source', of),
    queryFn: ({ signal }) => client.code.source({ params: { project }, query: { of } }, { signal }),
    // A file may be changed at any time without an event.
    staleTime: 2_000,
  });
}

/** The folders and which import which. */
export function modulesQuery(project: string) {
  return queryOptions({
    queryKey: keys.of(project, 'code', 'modules'),
    queryFn: ({ signal }) => client.code.modules({ params: { project } }, { signal }),
  });
}
