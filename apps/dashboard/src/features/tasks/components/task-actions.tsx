import type { TaskDetail, TaskPatch, TaskResult } from '@codepakt/contract';
import { type FormEvent, useState } from 'react';
import { client } from '../../../app/client.ts';
import { Button } from '../../../components/button.tsx';
import { Field } from '../../../components/field.tsx';
import { focusOnMount } from '../../../lib/focus-on-mount.ts';
import { undoLast, useChangeTask } from '../api/change-task.ts';
import './task-actions.css';

interface Action {
  name: string;
  kind?: 'primary' | 'danger';
  /** What is asked before it is done; left out, nothing. */
  asks?: { label: string; isRequired: boolean };
  says: string;
  send: (words: string) => Promise<TaskResult>;
}

/** Buttons for what the status of a task allows a person to do. */
export function TaskActions({ project, task }: { project: string; task: TaskDetail }) {
  const changeTask = useChangeTask(project);
  const [asking, setAsking] = useState<Action>();
  const run = async (action: Action, words = '') => {
    const { says, send } = action;
    if (await changeTask({ id: task.id, says, send: () => send(words) })) setAsking(undefined);
  };
  return (
    <div className="task-actions">
      <div className="task-actions-row">
        {actionsFor(project, task).map((action) => (
          <Button
            key={action.name}
            kind={action.kind ?? 'plain'}
            aria-expanded={action.asks === undefined ? undefined : asking?.name === action.name}
            onClick={() => (action.asks === undefined ? void run(action) : setAsking(action))}
          >
            {action.name}
            {action.asks !== undefined && ' …'}
          </Button>
        ))}
        <Button kind="quiet" icon="undo" onClick={() => void undoLast(project, task.id)}>
          Undo last change
        </Button>
      </div>
      {asking?.asks !== undefined && (
        <WordsForm
          key={asking.name}
          action={asking}
          {...asking.asks}
          onCancel={() => setAsking(undefined)}
          onSubmit={(words) => void run(asking, words)}
        />
      )}
    </div>
  );
}

/** Asks for a reason or a note, in place. */
export function WordsForm({
  action,
  label,
  isRequired,
  onCancel,
  onSubmit,
}: {
  action: { name: string; kind?: 'primary' | 'danger' };
  label: string;
  isRequired: boolean;
  onCancel: () => void;
  onSubmit: (words: string) => void;
}) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit(String(new FormData(event.currentTarget).get('words')).trim());
  };
  return (
    <form
      className="words-form"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel();
        else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.currentTarget.requestSubmit();
        } else return;
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <Field label={label} hint={isRequired ? '' : 'may be left empty'}>
        {(id) => (
          <textarea
            id={id}
            name="words"
            className="input"
            rows={2}
            required={isRequired}
            maxLength={4_000}
            ref={focusOnMount}
          />
        )}
      </Field>
      <div className="task-actions-row">
        <Button type="submit" kind={action.kind ?? 'primary'}>
          {action.name}
        </Button>
        <Button onClick={onCancel}>Cancel</Button>
        <span className="field-hint">Ctrl-Enter sends</span>
      </div>
    </form>
  );
}

function actionsFor(project: string, { id, status, hold, waits_for }: TaskDetail): Action[] {
  const at = { params: { project, id } };
  const reasonOf = (words: string) => (words === '' ? {} : { reason: words });
  const noteOf = (words: string) => (words === '' ? {} : { note: words });
  const update = (body: TaskPatch) => client.tasks.update({ ...at, body });

  const open: Action = {
    name: status === 'backlog' ? 'Open' : 'Open again',
    says: `${id} is open`,
    send: () => update({ status: 'open' }),
  };
  const holdIt: Action = {
    name: 'Put aside',
    says: `${id} is put aside`,
    send: () => update({ status: 'backlog' }),
  };
  const block: Action = {
    name: 'Block',
    asks: { label: 'What is in the way?', isRequired: true },
    says: `${id} is blocked`,
    send: (words) => client.tasks.block({ ...at, body: reasonOf(words) }),
  };
  const cancel: Action = {
    name: 'Cancel task',
    kind: 'danger',
    asks: { label: 'Why is it not to be done any more?', isRequired: false },
    says: `${id} is cancelled`,
    send: (words) => client.tasks.cancel({ ...at, body: reasonOf(words) }),
  };
  switch (status) {
    case 'backlog':
      return [...(waits_for.length === 0 || hold ? [open] : []), ...(hold ? [] : [holdIt]), cancel];
    case 'open':
      return [holdIt, block, cancel];
    case 'in-progress':
      return [
        {
          name: 'To review',
          asks: { label: 'What was done?', isRequired: false },
          says: `${id} is in review`,
          send: (words) => client.tasks.done({ ...at, body: { ...noteOf(words), force: true } }),
        },
        {
          name: 'Release',
          says: `${id} is open for others`,
          send: () => update({ status: 'open' }),
        },
        block,
        cancel,
      ];
    case 'review':
      return [
        {
          name: 'Approve',
          kind: 'primary',
          says: `${id} is done`,
          send: () => client.tasks.approve({ ...at, body: {} }),
        },
        {
          name: 'Reject',
          asks: { label: 'What is missing?', isRequired: true },
          says: `${id} goes back to its agent`,
          send: (words) => client.tasks.reject({ ...at, body: reasonOf(words) }),
        },
        {
          name: 'Reject and open',
          asks: { label: 'What is missing?', isRequired: true },
          says: `${id} is open again`,
          send: (words) =>
            client.tasks.reject({ ...at, body: { ...reasonOf(words), reopen: true } }),
        },
        cancel,
      ];
    case 'blocked':
      return [
        {
          name: 'Unblock',
          kind: 'primary',
          asks: { label: 'What has changed?', isRequired: false },
          says: `${id} can go on`,
          send: (words) => client.tasks.unblock({ ...at, body: noteOf(words) }),
        },
        cancel,
      ];
    case 'done':
    case 'cancelled':
      return [open];
  }
}
