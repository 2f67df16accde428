import { PRIORITIES, type Priority, type TaskDetail } from '@codepakt/contract';
import { useQuery } from '@tanstack/react-query';
import { Avatar, PriorityMark } from '../../../components/labels.tsx';
import { formatAgo, formatDuration, formatMoment, secondsSince } from '../../../lib/format-time.ts';
import { splitCommas } from '../../../lib/split-list.ts';
import { useNow } from '../../../lib/use-now.ts';
import { labelsQuery } from '../api/board-status.ts';
import type { SaveField } from '../api/patch-task.ts';
import { Editable } from './editable.tsx';
import { None } from './none.tsx';

/** The short fields, in two columns. */
export function TaskFacts({
  project,
  task,
  save,
}: {
  project: string;
  task: TaskDetail;
  save: SaveField;
}) {
  const labels = useQuery(labelsQuery(project)).data;
  const { version } = task;
  const nullable = (text: string) => (text.trim() === '' ? null : text.trim());
  return (
    <div className="panel-facts">
      <Editable
        label="Priority"
        value={task.priority}
        version={version}
        control={(draft, onDraft, id) => (
          <select
            id={id}
            className="select"
            value={draft}
            onChange={(event) => onDraft(event.target.value)}
          >
            {PRIORITIES.map((priority) => (
              <option key={priority}>{priority}</option>
            ))}
          </select>
        )}
        onSave={save((priority) => ({ priority: priority as Priority }))}
      >
        <PriorityMark priority={task.priority} />
      </Editable>
      <Editable
        label="Assignee"
        value={task.assignee ?? ''}
        version={version}
        options={labels?.assignees.map(({ name }) => name)}
        onSave={save((text) => ({ assignee: nullable(text) }))}
      >
        {task.assignee === null ? <None text="nobody" /> : <Who task={task} name={task.assignee} />}
      </Editable>
      <Editable
        label="Epic"
        value={task.epic ?? ''}
        version={version}
        options={labels?.epics.map(({ name }) => name)}
        onSave={save((text) => ({ epic: nullable(text) }))}
      >
        {task.epic === null ? <None /> : task.epic}
      </Editable>
      <Editable
        label="Tags"
        value={task.tags.join(', ')}
        version={version}
        onSave={save((text) => ({ tags: splitCommas(text) }))}
      >
        <Tags values={task.tags} />
      </Editable>
      <Editable
        label="Capabilities"
        value={task.capabilities.join(', ')}
        version={version}
        onSave={save((text) => ({ capabilities: splitCommas(text) }))}
      >
        <Tags values={task.capabilities} />
      </Editable>
      <Times task={task} />
    </div>
  );
}

function Who({ task, name }: { task: TaskDetail; name: string }) {
  const now = useNow();
  const { lease_expires_at, lease_expired, status } = task;
  const left =
    lease_expires_at === null
      ? 0
      : secondsSince(new Date(now).toISOString(), Date.parse(lease_expires_at));
  return (
    <span className="panel-who">
      <Avatar name={name} /> {name}
      {status === 'in-progress' && lease_expires_at !== null && (
        <span className="muted numbers">
          {lease_expired ? '· lease over' : `· lease ${formatDuration(left)}`}
        </span>
      )}
    </span>
  );
}

function Times({ task }: { task: TaskDetail }) {
  const now = useNow();
  const rows = [
    ['created', task.created_at],
    ['started', task.started_at],
    ['finished', task.completed_at],
  ] as const;
  return (
    <div className="panel-times">
      <h3 className="panel-heading">Times</h3>
      {rows.map(
        ([name, at]) =>
          at !== null && (
            <div key={name} title={formatMoment(at)} className="numbers">
              {name} {formatAgo(secondsSince(at, now))}
            </div>
          ),
      )}
      {task.completed_by !== null && <div>by {task.completed_by}</div>}
      {task.reviewed_by !== null && <div>reviewed by {task.reviewed_by}</div>}
      {task.expiries > 0 && <div>lease ran out {task.expiries}×</div>}
    </div>
  );
}

function Tags({ values }: { values: readonly string[] }) {
  if (values.length === 0) return <None />;
  return (
    <span className="panel-tags">
      {values.map((value) => (
        <span key={value} className="tag">
          {value}
        </span>
      ))}
    </span>
  );
}
