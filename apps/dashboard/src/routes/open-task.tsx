import type { Event } from '@codepakt/contract';
import { Link, useNavigate } from '@tanstack/react-router';
import { useOpenTask, useProject } from '../app/use-project.ts';
import { EventList } from '../features/events/components/event-list.tsx';
import { TaskPanel } from '../features/tasks/components/task-panel.tsx';

/** The task that the URL names, over the view. */
export function OpenTask() {
  const project = useProject();
  const id = useOpenTask();
  const navigate = useNavigate();
  if (id === undefined) return null;
  return (
    <TaskPanel
      project={project}
      id={id}
      links={{
        task: (other) => <TaskLink id={other} />,
        doc: (doc, title) => (
          <Link to="/p/$project/docs/$doc" params={{ project, doc }}>
            {doc} {title}
          </Link>
        ),
        address: `${location.origin}/p/${project}/tasks/${id}`,
      }}
      timeline={<EventList project={project} filters={{ task: id }} />}
      onClose={() =>
        void navigate({ to: '.', search: (before) => ({ ...before, task: undefined }) })
      }
    />
  );
}

/** Opens a task over the view that is there. */
export function TaskLink({ id, children }: { id: string; children?: React.ReactNode }) {
  return (
    <Link
      to="."
      search={(before: Record<string, unknown>) => ({ ...before, task: id })}
      className="numbers"
    >
      {children ?? id}
    </Link>
  );
}

/** What an event is about, as a link. */
export function EventSubject({ event: { task_id, doc_id } }: { event: Event }) {
  if (task_id !== null) return <TaskLink id={task_id} />;
  if (doc_id === null) return null;
  return <DocLink id={doc_id} />;
}

function DocLink({ id }: { id: string }) {
  const project = useProject();
  return (
    <Link to="/p/$project/docs/$doc" params={{ project, doc: id }} className="numbers">
      {id}
    </Link>
  );
}
