import { EVENT_ACTIONS } from '@codepakt/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { loadPart } from '../app/load-part.ts';
import { useProject } from '../app/use-project.ts';
import { Loading } from '../components/message.tsx';
import { agentsQuery } from '../features/agents/api/list-agents.ts';
import { EventList } from '../features/events/components/event-list.tsx';
import { EventSubject } from './open-task.tsx';
import '../features/tasks/components/board-filters.css';
import './activity-page.css';

const Charts = lazy(async () => {
  const { Charts } = await loadPart(() => import('../features/events/components/charts.tsx'));
  return { default: Charts };
});

/** The audit log as it grows, and what it adds up to. */
export function ActivityPage() {
  const project = useProject();
  const { agent, action, about } = useSearch({ from: '/p/$project/activity' });
  const navigate = useNavigate({ from: '/p/$project/activity' });
  const agents = useQuery(agentsQuery(project)).data ?? [];
  const set = (change: { agent?: string; action?: string; about?: string }) =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const task = about !== undefined && /^T-\d{3,}$/i.test(about) ? about.toUpperCase() : undefined;

  return (
    <>
      <header className="view-head">
        <h1>Activity</h1>
      </header>
      <div className="view-body activity">
        <Suspense fallback={<Loading what="the figures" />}>
          <Charts project={project} />
        </Suspense>
        <section aria-labelledby="activity-log">
          <div className="activity-head">
            <h2 id="activity-log">What happened</h2>
            <label className="filter-choice" data-set={agent !== undefined || undefined}>
              <span>By</span>
              <select value={agent ?? ''} onChange={({ target }) => set({ agent: target.value })}>
                <option value="">anybody</option>
                <option value="human">people</option>
                {agents.map(({ name }) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </label>
            <label className="filter-choice" data-set={action !== undefined || undefined}>
              <span>What</span>
              <select value={action ?? ''} onChange={({ target }) => set({ action: target.value })}>
                <option value="">anything</option>
                {EVENT_ACTIONS.map((name) => (
                  <option key={name} value={name}>
                    {name.replaceAll('_', ' ')}
                  </option>
                ))}
              </select>
            </label>
            <label className="filter-choice" data-set={task !== undefined || undefined}>
              <span>Task</span>
              <input
                className="activity-task"
                placeholder="T-012"
                defaultValue={about}
                onChange={({ target }) => set({ about: target.value.trim() })}
              />
            </label>
          </div>
          <EventList
            project={project}
            filters={{ agent, action, task }}
            subject={(event) => <EventSubject event={event} />}
          />
        </section>
      </div>
    </>
  );
}
