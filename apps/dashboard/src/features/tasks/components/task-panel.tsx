import { PRIORITIES, type Priority, type TaskDetail, type TaskPatch } from '@codepakt/contract';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { client } from '../../../app/client.ts';
import { IconButton } from '../../../components/button.tsx';
import { Command } from '../../../components/command.tsx';
import { Avatar, PriorityMark } from '../../../components/labels.tsx';
import { Markdown } from '../../../components/lazy-markdown.tsx';
import { ErrorState, Loading } from '../../../components/message.tsx';
import { StatusIcon } from '../../../components/status-icon.tsx';
import { formatAgo, formatDuration, formatMoment, secondsSince } from '../../../lib/format-time.ts';
import { splitCommas, splitLines } from '../../../lib/split-list.ts';
import { showToast } from '../../../lib/toasts.ts';
import { useNow } from '../../../lib/use-now.ts';
import { useShortcut } from '../../../lib/use-shortcut.ts';
import { labelsQuery } from '../api/board-status.ts';
import { STATUS_NAMES } from '../api/card.ts';
import { useChangeTask } from '../api/change-task.ts';
import { usePatchTask } from '../api/patch-task.ts';
import { taskQuery } from '../api/read-task.ts';
import { Editable } from './editable.tsx';
import { TaskActions } from './task-actions.tsx';
import { TaskLinks } from './task-links.tsx';
import { TaskPicker } from './task-picker.tsx';
import './task-panel.css';

export interface PanelLinks {
  /** A link to another task. */
  task: (id: string) => ReactNode;
  doc: (id: string, title: string) => ReactNode;
  /** What can be copied and sent to others. */
  address: string;
}

/** Everything about one task, over whatever view is behind it. */
export function TaskPanel({
  project,
  id,
  links,
  timeline,
  onClose,
}: {
  project: string;
  id: string;
  links: PanelLinks;
  timeline: ReactNode;
  onClose: () => void;
}) {
  const task = useQuery(taskQuery(project, id));
  const panel = useRef<HTMLElement>(null);
  useShortcut('Escape', onClose);
  // Whoever opens it by keyboard goes on in it, and comes back to where the task was.
  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      else document.querySelector<HTMLElement>(`[data-card="${CSS.escape(id)}"]`)?.focus();
    };
  }, [id]);
  return (
    <aside ref={panel} className="panel" aria-label={`Task ${id}`} tabIndex={-1}>
      <header className="panel-head">
        {task.data !== undefined && <StatusIcon status={task.data.status} />}
        <span className="panel-id numbers">{id}</span>
        {task.data !== undefined && (
          <span className="panel-status">{STATUS_NAMES[task.data.status]}</span>
        )}
        <span className="panel-gap" />
        <IconButton
          icon="link"
          label="Copy a link to this task"
          onClick={() => void copyLink(links.address)}
        />
        <IconButton icon="x" label="Close the task" onClick={onClose} />
      </header>
      <div className="panel-body">
        {task.isPending && <Loading what={id} />}
        {task.isError && <ErrorState error={task.error} onRetry={() => void task.refetch()} />}
        {task.data !== undefined && (
          <Details key={id} project={project} task={task.data} links={links} timeline={timeline} />
        )}
      </div>
    </aside>
  );
}

async function copyLink(address: string): Promise<void> {
  await navigator.clipboard.writeText(address);
  showToast({ kind: 'done', message: 'The link is copied' });
}

function Details({
  project,
  task,
  links,
  timeline,
}: {
  project: string;
  task: TaskDetail;
  links: PanelLinks;
  timeline: ReactNode;
}) {
  const patch = usePatchTask(project, task.id);
  const { version } = task;
  const save = (toPatch: (text: string) => TaskPatch) => (text: string, seen: number | undefined) =>
    patch(toPatch(text), seen);
  const textOrNull = (text: string) => (text.trim() === '' ? null : text);

  return (
    <>
      <Editable
        label="Title"
        value={task.title}
        version={version}
        isRequired
        onSave={save((title) => ({ title: title.trim() }))}
      >
        <h2 className="panel-title">{task.title}</h2>
      </Editable>
      <TaskActions project={project} task={task} />
      {task.blocker_reason !== null && (
        <p className="panel-blocked preline">{task.blocker_reason}</p>
      )}
      <Facts project={project} task={task} save={save} />
      <Editable
        label="Description"
        value={task.description ?? ''}
        version={version}
        isLong
        hint="Markdown"
        onSave={save((text) => ({ description: textOrNull(text) }))}
      >
        {task.description === null ? <None /> : <Markdown text={task.description} />}
      </Editable>
      <Editable
        label="Acceptance criteria"
        value={task.acceptance_criteria.join('\n')}
        version={version}
        isLong
        hint="one a line"
        onSave={save((text) => ({ acceptance_criteria: splitLines(text) }))}
      >
        {task.acceptance_criteria.length === 0 ? (
          <None />
        ) : (
          <ul className="panel-list">
            {task.acceptance_criteria.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        )}
      </Editable>
      <Dependencies project={project} task={task} links={links} save={save} />
      <Editable
        label="Verify"
        value={task.verify ?? ''}
        version={version}
        isMono
        onSave={save((text) => ({ verify: textOrNull(text) }))}
      >
        {task.verify === null ? <None /> : <Command text={task.verify} />}
        <Verification task={task} />
      </Editable>
      <Editable
        label="Touches"
        value={task.touches.join('\n')}
        version={version}
        isLong
        isMono
        hint="paths, one a line"
        onSave={save((text) => ({ touches: splitLines(text) }))}
      >
        <Codes values={task.touches} />
      </Editable>
      <Editable
        label="Docs"
        value={task.context_refs.join(', ')}
        version={version}
        hint="D-001, with commas between"
        onSave={save((text) => ({ context_refs: splitCommas(text) }))}
      >
        {task.context.length === 0 ? (
          <None />
        ) : (
          <ul>
            {task.context.map(({ id, title }) => (
              <li key={id}>{links.doc(id, title)}</li>
            ))}
          </ul>
        )}
      </Editable>
      <Notes project={project} task={task} />
      <section>
        <h3 className="panel-heading">Timeline</h3>
        {timeline}
      </section>
    </>
  );
}

type Save = (
  toPatch: (text: string) => TaskPatch,
) => (text: string, seen: number | undefined) => ReturnType<ReturnType<typeof usePatchTask>>;

/** The short fields, in two columns. */
function Facts({ project, task, save }: { project: string; task: TaskDetail; save: Save }) {
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

function Dependencies({
  project,
  task,
  links,
  save,
}: {
  project: string;
  task: TaskDetail;
  links: PanelLinks;
  save: Save;
}) {
  return (
    <div className="panel-linked">
      <Editable
        label="Depends on"
        value={task.depends_on.join(',')}
        version={task.version}
        control={(draft, onDraft, id) => (
          <TaskPicker
            id={id}
            project={project}
            without={task.id}
            value={splitCommas(draft)}
            onChange={(ids) => onDraft(ids.join(','))}
          />
        )}
        onSave={save((text) => ({ depends_on: splitCommas(text) }))}
      >
        <TaskLinks project={project} ids={task.depends_on} link={links.task} none="none" />
      </Editable>
      <div>
        <h3 className="panel-heading">Needed by</h3>
        <TaskLinks project={project} ids={task.dependents} link={links.task} none="no task" />
      </div>
    </div>
  );
}

/** The last recorded run of the verify command, which only the person's or agent's own terminal runs. */
export function Verification({ task: { verification } }: { task: TaskDetail }) {
  if (verification === null) return null;
  const { exit_code, command, duration_ms, agent, created_at, output } = verification;
  const isGood = exit_code === 0;
  return (
    <details className="verification" data-good={isGood}>
      <summary>
        <strong>{isGood ? 'Passed' : `Failed with ${exit_code}`}</strong> in{' '}
        {formatDuration(duration_ms / 1_000)}, by {agent}, {formatMoment(created_at)}
      </summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long output is scrolled by keyboard */}
      <pre tabIndex={0}>
        <code>
          $ {command}
          {'\n'}
          {output}
        </code>
      </pre>
    </details>
  );
}

function Notes({ project, task }: { project: string; task: TaskDetail }) {
  const changeTask = useChangeTask(project);
  const form = useRef<HTMLDivElement>(null);
  const add = async (body: string) => {
    const isDone = await changeTask({
      id: task.id,
      says: `The note is on ${task.id}`,
      send: () => client.tasks.note({ params: { project, id: task.id }, body: { body } }),
    });
    if (isDone) form.current?.querySelector('form')?.reset();
  };
  return (
    <section className="panel-notes">
      <h3 className="panel-heading">Notes</h3>
      <NoteList task={task} />
      <div ref={form}>
        <NoteForm onSubmit={(body) => void add(body)} />
      </div>
    </section>
  );
}

export function NoteList({ task }: { task: Pick<TaskDetail, 'notes'> }) {
  if (task.notes.length === 0) return <None text="no notes yet" />;
  return (
    <ol className="note-list">
      {task.notes.map(({ agent, body, created_at }) => (
        <li key={`${created_at} ${body}`} className="note">
          <p className="note-head">
            <strong>{agent === null || agent === 'human' ? 'A person' : agent}</strong>{' '}
            <time dateTime={created_at}>{formatMoment(created_at)}</time>
          </p>
          <Markdown text={body} />
        </li>
      ))}
    </ol>
  );
}

function NoteForm({ onSubmit }: { onSubmit: (body: string) => void }) {
  return (
    <form
      className="note-form"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(String(new FormData(event.currentTarget).get('body')).trim());
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        event.currentTarget.requestSubmit();
      }}
    >
      <textarea
        name="body"
        className="input"
        rows={2}
        required
        maxLength={4_000}
        aria-label="A note"
        placeholder="A note for whoever works on it"
      />
      <button type="submit" className="button">
        Add the note
      </button>
    </form>
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

function Codes({ values }: { values: readonly string[] }) {
  if (values.length === 0) return <None />;
  return (
    <ul>
      {values.map((value) => (
        <li key={value}>
          <code>{value}</code>
        </li>
      ))}
    </ul>
  );
}

function None({ text = 'none' }: { text?: string }) {
  return <span className="panel-none">{text}</span>;
}
