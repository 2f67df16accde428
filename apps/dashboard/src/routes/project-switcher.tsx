import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import { Icon } from '../components/icon.tsx';
import { projectsQuery } from '../features/projects/api/projects.ts';

/** The project's name, which opens the list of all of them. */
export function ProjectSwitcher({ project, name }: { project: string; name: string | undefined }) {
  const menuId = useId();
  const projects = useQuery(projectsQuery);
  return (
    <div className="switcher">
      <button type="button" className="switcher-button" popoverTarget={menuId}>
        <img src="/icon.svg" alt="" width="22" height="22" />
        <span className="switcher-name">{name ?? 'codepakt'}</span>
        <Icon name="switch" size={14} />
        <span className="visually-hidden">, switch project</span>
      </button>
      <div id={menuId} popover="auto" className="switcher-menu">
        <p className="switcher-title">Projects</p>
        <ul>
          {projects.data?.map((one) => (
            <li key={one.id}>
              <Link
                to="/p/$project/board"
                params={{ project: one.id }}
                className="switcher-link"
                aria-current={one.id === project ? 'true' : undefined}
                onClick={() => document.getElementById(menuId)?.hidePopover()}
              >
                <span>{one.name}</span>
                <span className="switcher-path">{one.path}</span>
              </Link>
            </li>
          ))}
        </ul>
        <p className="switcher-title">
          <code>cpk init</code> in a folder adds one
        </p>
      </div>
    </div>
  );
}
