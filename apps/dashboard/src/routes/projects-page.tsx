import { useQuery } from '@tanstack/react-query';
import { Link, Navigate } from '@tanstack/react-router';
import { EmptyState, ErrorState, Loading } from '../components/message.tsx';
import { projectsQuery } from '../features/projects/api/projects.ts';
import './projects-page.css';

/** All projects; where there is only one, its board. */
export function ProjectsPage() {
  const projects = useQuery(projectsQuery);
  if (projects.isPending) return <Loading what="the projects" />;
  if (projects.isError) {
    return (
      <main>
        <ErrorState error={projects.error} onRetry={() => void projects.refetch()} />
      </main>
    );
  }
  const [only, ...others] = projects.data;
  if (only === undefined) {
    return (
      <main>
        <EmptyState title="There is no project yet" command="cpk init">
          Run this in the folder of a project; its board then appears here.
        </EmptyState>
      </main>
    );
  }
  if (others.length === 0 && only.available) {
    return <Navigate to="/p/$project/board" params={{ project: only.id }} replace />;
  }
  return (
    <main className="projects">
      <h1>Projects</h1>
      <ul>
        {projects.data.map(({ id, name, path, available }) => (
          <li key={id}>
            <Link to="/p/$project/board" params={{ project: id }} className="project-link">
              <strong>{name}</strong>
              <span className="muted">
                {available ? path : `${path} – its database is not there`}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </main>
  );
}
