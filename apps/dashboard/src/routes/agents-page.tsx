import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useProject } from '../app/use-project.ts';
import { EmptyState, ErrorState, Loading } from '../components/message.tsx';
import { agentsQuery } from '../features/agents/api/list-agents.ts';
import { AgentList } from '../features/agents/components/agent-list.tsx';
import { TaskLink } from './open-task.tsx';

/** Who works on what, for how long, and when each was last seen. */
export function AgentsPage() {
  const project = useProject();
  const agents = useQuery(agentsQuery(project));
  return (
    <>
      <header className="view-head">
        <h1>Agents</h1>
      </header>
      <div className="view-body">
        {agents.isPending && <Loading what="the agents" />}
        {agents.isError && (
          <ErrorState error={agents.error} onRetry={() => void agents.refetch()} />
        )}
        {agents.data?.length === 0 && (
          <EmptyState title="No agent has been here yet" command="CPK_AGENT=ada cpk task pickup">
            An agent is known from its first call on; nothing has to be registered.
          </EmptyState>
        )}
        {agents.data !== undefined && agents.data.length > 0 && (
          <AgentList
            agents={agents.data}
            taskLink={(id) => <TaskLink id={id} />}
            activityLink={(agent) => (
              <Link to="/p/$project/activity" params={{ project }} search={{ agent }}>
                What it did
              </Link>
            )}
          />
        )}
      </div>
    </>
  );
}
