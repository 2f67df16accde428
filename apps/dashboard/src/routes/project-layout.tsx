import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { useConnection } from '../app/live/connection.ts';
import { useLive } from '../app/live/use-live.ts';
import { useProject } from '../app/use-project.ts';
import { ErrorState, Loading } from '../components/message.tsx';
import { boardStatusQuery } from '../features/tasks/api/board-status.ts';
import { keys } from '../lib/query-keys.ts';
import { Navigation } from './navigation.tsx';
import { OpenTask } from './open-task.tsx';
import './project-layout.css';

/** The frame around every view of a project. */
export function ProjectLayout() {
  const project = useProject();
  return <ProjectFrame key={project} project={project} />;
}

function ProjectFrame({ project }: { project: string }) {
  const queryClient = useQueryClient();
  const status = useQuery({ ...boardStatusQuery(project), retry: 1 });
  const name = status.data?.project.name;
  useEffect(() => {
    document.title = name === undefined ? 'codepakt' : `${name} · codepakt`;
  }, [name]);
  // Nothing tells of changes once the project is left, so nothing of it is kept.
  useEffect(
    () => () => queryClient.removeQueries({ queryKey: keys.project(project), type: 'inactive' }),
    [queryClient, project],
  );
  return (
    <div className="frame">
      <a className="skip" href="#view">
        Skip to the view
      </a>
      <Navigation project={project} status={status.data} />
      <main id="view" className="view" tabIndex={-1}>
        <LostBanner />
        {status.isPending && <Loading what="the board" />}
        {status.isError && (
          <ErrorState error={status.error} onRetry={() => void status.refetch()} />
        )}
        {status.data !== undefined && (
          <Live project={project} after={status.data.last_event_id}>
            <Outlet />
            <OpenTask />
          </Live>
        )}
      </main>
    </div>
  );
}

/** The sign in the navigation is small, and what is on the page looks as good as new. */
function LostBanner() {
  if (useConnection() !== 'lost') return null;
  return (
    <p className="lost-banner">
      The server does not answer: what you see may be old. Start it with{' '}
      <code>cpk server start</code>; what was missed then comes by itself.
    </p>
  );
}

/** Listens from the moment at which the first data was read: all else is read after it. */
function Live({
  project,
  after,
  children,
}: {
  project: string;
  after: number;
  children: React.ReactNode;
}) {
  const [start] = useState(after);
  useLive(project, start);
  return children;
}
