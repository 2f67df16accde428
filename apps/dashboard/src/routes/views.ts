import type { IconName } from '../components/icon.tsx';

/** The views of a project, in the order of the navigation. */
export const VIEWS = [
  { to: '/p/$project/board', name: 'Board', icon: 'board' },
  { to: '/p/$project/review', name: 'Review', icon: 'review' },
  { to: '/p/$project/graph', name: 'Graph', icon: 'graph' },
  { to: '/p/$project/agents', name: 'Agents', icon: 'agents' },
  { to: '/p/$project/activity', name: 'Activity', icon: 'activity' },
  { to: '/p/$project/docs', name: 'Docs', icon: 'docs' },
  { to: '/p/$project/code', name: 'Code', icon: 'code' },
] as const satisfies { to: string; name: string; icon: IconName }[];
