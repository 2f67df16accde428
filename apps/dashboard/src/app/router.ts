import { createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import { BoardPage } from '../routes/board-page.tsx';
import { NotFoundPage } from '../routes/not-found-page.tsx';
import { ProjectLayout } from '../routes/project-layout.tsx';
import { ProjectsPage } from '../routes/projects-page.tsx';
import { formatSearch, parseSearch, pick } from './search.ts';

const rootRoute = createRootRoute({ notFoundComponent: NotFoundPage });

const projectsRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
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
  projectRoute.addChildren([projectIndexRoute, boardRoute, taskRoute]),
]);

export const router = createRouter({
  routeTree,
  parseSearch,
  stringifySearch: formatSearch,
  defaultPreload: false,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
