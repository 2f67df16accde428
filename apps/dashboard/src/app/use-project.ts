import { useParams, useSearch } from '@tanstack/react-router';

/** The id of the project that the page shows. */
export function useProject(): string {
  return useParams({ from: '/p/$project' }).project;
}

/** The task that is open over the view, if one is. */
export function useOpenTask(): string | undefined {
  return useSearch({ from: '/p/$project' }).task;
}
