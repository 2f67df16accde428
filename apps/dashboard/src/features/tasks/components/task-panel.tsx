import type { TaskDetail } from '@codepakt/contract';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { IconButton } from '../../../components/button.tsx';
import { Command } from '../../../components/command.tsx';
import { Markdown } from '../../../components/lazy-markdown.tsx';
import { ErrorState, Loading } from '../../../components/message.tsx';
import { StatusIcon } from '../../../components/status-icon.tsx';
import { splitCommas, splitLines } from '../../../lib/split-list.ts';
import { showToast } from '../../../lib/toasts.ts';
import { useShortcut } from '../../../lib/use-shortcut.ts';
import { STATUS_NAMES } from '../api/card.ts';
import { type SaveField, usePatchTask } from '../api/patch-task.ts';
import { taskQuery } from '../api/read-task.ts';
import { Editable } from './editable.tsx';
import { None } from './none.tsx';
import { TaskActions } from './task-actions.tsx';
import { TaskFacts } from './task-facts.tsx';
import { TaskLinks } from './task-links.tsx';
import { TaskNotes } from './task-notes.tsx';
import { TaskPicker } from './task-picker.tsx';
import { Verification } from './verification.tsx';
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
  const save: SaveField = (toPatch) => (text, seen) => patch(toPatch(text), seen);
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
      <TaskFacts project={project} task={task} save={save} />
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
      <TaskNotes project={project} task={task} />
      <section>
        <h3 className="panel-heading">Timeline</h3>
        {timeline}
      </section>
    </>
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
  save: SaveField;
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
