import type { Agent } from '@codepakt/contract';
import type { ReactNode } from 'react';
import { Avatar } from '../../../components/labels.tsx';
import { formatAge, formatAgo, formatMoment, secondsSince } from '../../../lib/format-time.ts';
import { useNow } from '../../../lib/use-now.ts';
import './agent-list.css';

/** How long an agent that holds a task may be silent before it stands out. */
const QUIET_SECONDS = 30 * 60;

/** Who works on what, and who has not been heard of for long. */
export function AgentList({
  agents,
  taskLink,
  activityLink,
}: {
  agents: readonly Agent[];
  taskLink: (id: string) => ReactNode;
  activityLink: (agent: string) => ReactNode;
}) {
  const now = useNow();
  const working = agents.filter(({ status }) => status === 'working');
  const idle = agents.filter(({ status }) => status === 'idle');
  return (
    <div className="agents">
      <AgentSection
        title="Working"
        agents={working}
        now={now}
        taskLink={taskLink}
        activityLink={activityLink}
      />
      <AgentSection
        title="Idle"
        agents={idle}
        now={now}
        taskLink={taskLink}
        activityLink={activityLink}
      />
    </div>
  );
}

interface AgentSectionProps {
  title: string;
  agents: readonly Agent[];
  now: number;
  taskLink: (id: string) => ReactNode;
  activityLink: (agent: string) => ReactNode;
}

function AgentSection({ title, agents, now, taskLink, activityLink }: AgentSectionProps) {
  if (agents.length === 0) return null;
  return (
    <section>
      <h2>
        {title} <span className="muted numbers">{agents.length}</span>
      </h2>
      <ul className="agent-grid">
        {agents.map((agent) => (
          <AgentItem
            key={agent.name}
            agent={agent}
            now={now}
            taskLink={taskLink}
            activityLink={activityLink}
          />
        ))}
      </ul>
    </section>
  );
}

function AgentItem({
  agent,
  now,
  taskLink,
  activityLink,
}: { agent: Agent } & Omit<AgentSectionProps, 'title' | 'agents'>) {
  const { name, last_seen, tasks } = agent;
  const silence = secondsSince(last_seen, now);
  const stuck = stuckBecause(agent, now);
  return (
    <li className="agent" data-stuck={stuck !== undefined || undefined}>
      <div className="agent-head">
        <Avatar name={name} />
        <h3>{name}</h3>
        <span className="muted numbers" title={formatMoment(last_seen)}>
          seen {formatAgo(silence)}
        </span>
      </div>
      {stuck !== undefined && <p className="agent-stuck">{stuck}</p>}
      {tasks.length === 0 ? (
        <p className="muted agent-none">holds nothing</p>
      ) : (
        <ul className="agent-tasks">
          {tasks.map((task) => (
            <li key={task.id}>
              {taskLink(task.id)}
              <span className="agent-task-title">{task.title}</span>
              <Lease expires_at={task.lease_expires_at} now={now} />
            </li>
          ))}
        </ul>
      )}
      <p className="agent-foot">{activityLink(name)}</p>
    </li>
  );
}

function Lease({ expires_at, now }: { expires_at: string | null; now: number }) {
  if (expires_at === null) return <span className="muted">no lease</span>;
  const left = (Date.parse(expires_at) - now) / 1_000;
  return (
    <span className="muted numbers" title={`until ${formatMoment(expires_at)}`}>
      {left <= 0 ? 'lease over' : `lease ${formatAge(left)}`}
    </span>
  );
}

/** Why a person should look after it; undefined when all is well. */
function stuckBecause({ tasks, last_seen }: Agent, now: number): string | undefined {
  if (tasks.length === 0) return undefined;
  const over = tasks.find(
    ({ lease_expires_at }) => lease_expires_at !== null && Date.parse(lease_expires_at) <= now,
  );
  if (over !== undefined) return `The lease of ${over.id} has run out.`;
  const silence = secondsSince(last_seen, now);
  if (silence < QUIET_SECONDS) return undefined;
  return `Not heard of for ${formatAge(silence)} while it holds ${tasks.length === 1 ? 'a task' : 'tasks'}.`;
}
