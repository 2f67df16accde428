import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { StatusIcon } from '../../../components/status-icon.tsx';
import { STATUS_NAMES } from '../api/card.ts';
import { taskNamesQuery } from '../api/task-names.ts';

/** Other tasks as links, with how far each is. */
export function TaskLinks({
  project,
  ids,
  link,
  none,
}: {
  project: string;
  ids: readonly string[];
  link: (id: string) => ReactNode;
  none: string;
}) {
  const names = useQuery(taskNamesQuery(project, ids)).data;
  if (ids.length === 0) return <p className="panel-none">{none}</p>;
  return (
    <ul className="panel-links">
      {ids.map((id) => {
        const task = names?.get(id);
        return (
          <li key={id}>
            {task !== undefined && <StatusIcon status={task.status} size={14} />}
            {link(id)}
            {task !== undefined && (
              <>
                <span className="panel-link-title">{task.title}</span>
                <span className="visually-hidden">, {STATUS_NAMES[task.status]}</span>
              </>
            )}
          </li>
        );
      })}
    </ul>
  );
}
