import { LIMITS, PRIORITIES, type Priority, type TaskInput } from '@codepakt/contract';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { client, describeError, queryClient } from '../../../app/client.ts';
import { Button } from '../../../components/button.tsx';
import { Dialog } from '../../../components/dialog.tsx';
import { Field } from '../../../components/field.tsx';
import { splitCommas, splitLines } from '../../../lib/split-list.ts';
import { showToast } from '../../../lib/toasts.ts';
import { labelsQuery } from '../api/board-status.ts';
import { toCard } from '../api/card.ts';
import { placeCards } from '../api/place-cards.ts';
import { TaskPicker } from './task-picker.tsx';
import './new-task-dialog.css';

/** Asks for a task and adds it to the board. */
export function NewTaskDialog({
  project,
  epic,
  onClose,
}: {
  project: string;
  /** Filled in already, such as the one the board is narrowed to. */
  epic: string | undefined;
  onClose: () => void;
}) {
  const [dependsOn, setDependsOn] = useState<string[]>([]);
  const labels = useQuery(labelsQuery(project)).data;
  const epicsId = useId();
  const agentsId = useId();
  const create = useMutation({
    mutationFn: (body: TaskInput) => client.tasks.create({ params: { project }, body }),
    onSuccess: (task) => {
      placeCards(queryClient, project, [toCard(task)]);
      const waits = task.waits_for.length > 0 ? `; it waits for ${task.waits_for.join(', ')}` : '';
      showToast({ kind: 'done', message: `${task.id} is on the board${waits}` });
      onClose();
    },
  });

  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate({ ...readForm(event.currentTarget), depends_on: dependsOn });
  };

  return (
    <Dialog title="New task" onClose={onClose}>
      <form className="new-task" onSubmit={onSubmit}>
        <Field label="Title">
          {(id) => (
            <input
              id={id}
              name="title"
              className="input"
              required
              maxLength={LIMITS.title}
              data-first
            />
          )}
        </Field>
        <Field label="Description" hint="Markdown">
          {(id) => <textarea id={id} name="description" className="input" rows={3} />}
        </Field>
        <div className="new-task-row">
          <Field label="Priority">
            {(id) => (
              <select id={id} name="priority" className="select" defaultValue="P1">
                {PRIORITIES.map((priority) => (
                  <option key={priority}>{priority}</option>
                ))}
              </select>
            )}
          </Field>
          <Field label="Epic">
            {(id) => (
              <input
                id={id}
                name="epic"
                className="input"
                defaultValue={epic}
                list={epicsId}
                autoComplete="off"
              />
            )}
          </Field>
          <Field label="Assignee">
            {(id) => (
              <input id={id} name="assignee" className="input" list={agentsId} autoComplete="off" />
            )}
          </Field>
        </div>
        <Field label="Depends on">
          {(id) => (
            <TaskPicker id={id} project={project} value={dependsOn} onChange={setDependsOn} />
          )}
        </Field>
        <Field label="Verify" hint="the command that shows that it is done">
          {(id) => <input id={id} name="verify" className="input mono" placeholder="npm test" />}
        </Field>
        <Field label="Touches" hint="paths it will edit, one a line">
          {(id) => (
            <textarea
              id={id}
              name="touches"
              className="input mono"
              rows={2}
              placeholder="src/login/**"
            />
          )}
        </Field>
        <Field label="Acceptance criteria" hint="one a line">
          {(id) => <textarea id={id} name="acceptance_criteria" className="input" rows={2} />}
        </Field>
        <Field label="Tags" hint="with commas between">
          {(id) => <input id={id} name="tags" className="input" autoComplete="off" />}
        </Field>
        <label className="new-task-hold">
          <input type="checkbox" name="hold" /> Put it aside: nobody picks it up until it is opened
        </label>
        {create.isError && (
          <p className="form-error" role="alert">
            {describeError(create.error).message}
          </p>
        )}
        <footer className="new-task-foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" disabled={create.isPending}>
            Add the task
          </Button>
        </footer>
        <Options id={epicsId} names={labels?.epics.map(({ name }) => name)} />
        <Options id={agentsId} names={labels?.assignees.map(({ name }) => name)} />
      </form>
    </Dialog>
  );
}

function Options({ id, names = [] }: { id: string; names?: string[] | undefined }) {
  return (
    <datalist id={id}>
      {names.map((name) => (
        <option key={name} value={name} />
      ))}
    </datalist>
  );
}

function readForm(form: HTMLFormElement): TaskInput {
  const data = new FormData(form);
  const text = (name: string) => String(data.get(name) ?? '').trim();
  const optional = (name: string) => (text(name) === '' ? null : text(name));
  return {
    title: text('title'),
    description: optional('description'),
    priority: text('priority') as Priority,
    epic: optional('epic'),
    assignee: optional('assignee'),
    verify: optional('verify'),
    touches: splitLines(text('touches')),
    acceptance_criteria: splitLines(text('acceptance_criteria')),
    tags: splitCommas(text('tags')),
    hold: data.has('hold'),
  };
}
