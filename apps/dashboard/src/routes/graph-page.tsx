import type { TaskGraph as Graph } from '@codepakt/contract';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { loadPart } from '../app/load-part.ts';
import { useProject } from '../app/use-project.ts';
import { EmptyState, ErrorState, Loading } from '../components/message.tsx';
import { graphQuery } from '../features/graph/api/read-graph.ts';
import { mostUrgent } from '../features/graph/components/most-urgent.ts';
import { labelsQuery } from '../features/tasks/api/board-status.ts';
import { TaskLink } from './open-task.tsx';
import '../features/tasks/components/board-filters.css';
import './graph-page.css';

const TaskGraph = lazy(() => loadPart(() => import('../features/graph/components/task-graph.tsx')));

/** Laying out more takes seconds, and nobody can read it. */
const MOST_NODES = 300;

/** What must be done before what. */
export function GraphPage() {
  const project = useProject();
  const { epic, all } = useSearch({ from: '/p/$project/graph' });
  const navigate = useNavigate({ from: '/p/$project/graph' });
  const graph = useQuery(graphQuery(project, { epic, all: all !== undefined }));
  const labels = useQuery(labelsQuery(project)).data;
  return (
    <>
      <header className="view-head graph-head">
        <h1>Graph</h1>
        <CriticalPath graph={graph.data} />
        <label className="filter-choice" data-set={epic !== undefined || undefined}>
          <span>Epic</span>
          <select
            value={epic ?? ''}
            onChange={({ target }) =>
              void navigate({ search: (before) => ({ ...before, epic: target.value }) })
            }
          >
            <option value="">any</option>
            {labels?.epics.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <div className="filter-toggles">
          <button
            type="button"
            aria-pressed={all !== undefined}
            onClick={() =>
              void navigate({
                search: (before) => ({ ...before, all: all === undefined ? 'yes' : undefined }),
              })
            }
          >
            Finished ones too
          </button>
        </div>
      </header>
      <div className="graph">
        {graph.isPending && <Loading what="the dependencies" />}
        {graph.isError && <ErrorState error={graph.error} onRetry={() => void graph.refetch()} />}
        {graph.data !== undefined && (
          <Picture
            graph={graph.data}
            onOpen={(task) => void navigate({ search: (before) => ({ ...before, task }) })}
          />
        )}
      </div>
    </>
  );
}

function Picture({ graph, onOpen }: { graph: Graph; onOpen: (id: string) => void }) {
  const drawn = useMemo(() => mostUrgent(graph, MOST_NODES), [graph]);
  if (graph.nodes.length === 0) {
    return (
      <EmptyState
        title="There is nothing to draw"
        command={'cpk task add --title "Second" --depends-on T-001'}
      >
        Tasks appear here with what they depend on.
      </EmptyState>
    );
  }
  return (
    <Suspense fallback={<Loading what="the picture" />}>
      <LeftOut graph={drawn} />
      <TaskGraph graph={drawn} onOpen={onOpen} />
    </Suspense>
  );
}

function LeftOut({ graph: { nodes, left_out } }: { graph: Graph }) {
  if (left_out === 0) return null;
  const shown = nodes.length.toLocaleString('en');
  const all = (nodes.length + left_out).toLocaleString('en');
  return (
    <p className="graph-left-out">
      <strong>
        {shown} of {all} tasks are drawn
      </strong>
      : the critical path, then what is blocked, at work and most urgent. Choose an epic to see less
      of the board, and more of its tasks.
    </p>
  );
}

/** The longest chain of what is still to be done, in words too. */
function CriticalPath({ graph }: { graph: Graph | undefined }) {
  if (graph === undefined || graph.critical_path.length < 2) return null;
  return (
    <p className="critical-path">
      <span className="muted">Critical path </span>
      {graph.critical_path.map((id, index) => (
        <span key={id}>
          {index > 0 && ' → '}
          <TaskLink id={id} />
        </span>
      ))}
    </p>
  );
}
