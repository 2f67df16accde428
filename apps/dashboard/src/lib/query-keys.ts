import type { QueryKey } from '@tanstack/react-query';

/** The names under which server state is kept; what belongs to a project begins with it. */
export const keys = {
  projects: ['projects'] as const,
  project: (project: string) => ['project', project] as const,
  of: (project: string, kind: Kind, ...rest: unknown[]): QueryKey => [
    'project',
    project,
    kind,
    ...rest,
  ],
};

type Kind =
  | 'agents'
  | 'column'
  | 'docs'
  | 'events'
  | 'finished'
  | 'graph'
  | 'info'
  | 'labels'
  | 'metrics'
  | 'code'
  | 'status'
  | 'task'
  | 'task-search';
