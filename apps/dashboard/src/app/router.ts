import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router';
import { BoardPage } from '../routes/board-page.tsx';
import { NotFoundPage } from '../routes/not-found-page.tsx';
import { ProjectLayout } from '../routes/project-layout.tsx';
import { ProjectsPage } from '../routes/projects-page.tsx';
import { ViewError, ViewPending } from '../routes/view-states.tsx';
import { loadPart } from './load-part.ts';
import { formatSearch, parseSearch, pick } from './search.ts';

/** A view whose files come when it is opened. */
function view<T extends Record<string, unknown>, K extends keyof T>(
  load: () => Promise<T>,
  name: K,
) {
  return lazyRouteComponent(() => loadPart(load), name);
}

const rootRoute = createRootRoute({ notFoundComponent: NotFoundPage });

const projectsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  validateSearch: pick('project'),
  // `cpk open` names the project whose board it wants.
  beforeLoad: ({ search }: { search: { project?: string } }) => {
    const { project } = search;
    if (project === undefined) return;
    throw redirect({ to: '/p/$project/board', params: { project }, replace: true });
  },
  component: ProjectsPage,
});

const projectRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'p/$project',
  // An open task lies over any view.
  validateSearch: pick('task'),
  component: ProjectLayout,
});

const projectIndexRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/p/$project/board', params, replace: true });
  },
});

const boardRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'board',
  validateSearch: pick(
    'q',
    'epic',
    'tag',
    'agent',
    'priority',
    'group',
    'older',
    'cancelled',
    'hide',
  ),
  component: BoardPage,
});

const reviewRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'review',
  component: view(() => import('../routes/review-page.tsx'), 'ReviewPage'),
});

const graphRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'graph',
  validateSearch: pick('epic', 'all'),
  component: view(() => import('../routes/graph-page.tsx'), 'GraphPage'),
});

const agentsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'agents',
  component: view(() => import('../routes/agents-page.tsx'), 'AgentsPage'),
});

const activityRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'activity',
  validateSearch: pick('agent', 'action', 'about'),
  component: view(() => import('../routes/activity-page.tsx'), 'ActivityPage'),
});

const docsRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'docs',
  validateSearch: pick('q', 'type', 'write'),
  component: view(() => import('../routes/docs-page.tsx'), 'DocsPage'),
});

/** The list stays beside the doc that is read. */
const docRoute = createRoute({ getParentRoute: () => docsRoute, path: '$doc' });

const codeRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'code',
  validateSearch: pick('q', 'folder', 'file', 'line', 'show'),
  component: view(() => import('../routes/code-page.tsx'), 'CodePage'),
});

/** A link to a task that says nothing about a view. */
const taskRoute = createRoute({
  getParentRoute: () => projectRoute,
  path: 'tasks/$id',
  beforeLoad: ({ params: { project, id } }) => {
    throw redirect({
      to: '/p/$project/board',
      params: { project },
      search: { task: id },
      replace: true,
    });
  },
});

const routeTree = rootRoute.addChildren([
  projectsRoute,
  projectRoute.addChildren([
    projectIndexRoute,
    boardRoute,
    reviewRoute,
    graphRoute,
    agentsRoute,
    activityRoute,
    docsRoute.addChildren([docRoute]),
    codeRoute,
    taskRoute,
  ]),
]);

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch: formatSearch,
  defaultPreload: false,
  defaultPendingComponent: ViewPending,
  defaultErrorComponent: ViewError,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
