import { PRIORITIES, type Priority, type TaskPatch, type TaskResult } from '@codepakt/contract';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { client } from '../../../app/client.ts';
import { Button } from '../../../components/button.tsx';
import { useShortcut } from '../../../lib/use-shortcut.ts';
import { labelsQuery } from '../api/board-status.ts';
import { changeTasks } from '../api/change-task.ts';
import './bulk-bar.css';

/** What can be done with all the chosen cards at once. */
export function BulkBar({
  project,
  chosen,
  onDone,
}: {
  project: string;
  chosen: ReadonlySet<string>;
  onDone: () => void;
}) {
  const labels = useQuery(labelsQuery(project)).data;
  const [isBusy, setIsBusy] = useState(false);
  useShortcut('Escape', onDone);

  const change = async (send: (id: string) => Promise<TaskResult>, says: string): Promise<void> => {
    setIsBusy(true);
    await changeTasks(project, chosen, send, says);
    setIsBusy(false);
    onDone();
  };
  const patch = (body: TaskPatch, says: string) =>
    change((id) => client.tasks.update({ params: { project, id }, body }), says);

  return (
    <section className="bulk-bar" aria-label="Chosen tasks">
      <strong className="numbers">{chosen.size} chosen</strong>
      <fieldset disabled={isBusy} className="bulk-actions">
        <select
          className="select"
          aria-label="Set the priority"
          value=""
          onChange={({ target }) =>
            void patch({ priority: target.value as Priority }, target.value)
          }
        >
          <option value="">Priority …</option>
          {PRIORITIES.map((priority) => (
            <option key={priority}>{priority}</option>
          ))}
        </select>
        <TextAction
          label="Epic"
          options={labels?.epics.map(({ name }) => name)}
          onSet={(epic) => void patch({ epic }, epic === null ? 'without epic' : `epic ${epic}`)}
        />
        <TextAction
          label="Assignee"
          options={labels?.assignees.map(({ name }) => name)}
          onSet={(assignee) =>
            void patch({ assignee }, assignee === null ? 'for anybody' : `for ${assignee}`)
          }
        />
        <Button
          kind="danger"
          onClick={() =>
            void change(
              (id) => client.tasks.cancel({ params: { project, id }, body: {} }),
              'cancelled',
            )
          }
        >
          Cancel tasks
        </Button>
      </fieldset>
      <Button kind="quiet" icon="x" onClick={onDone}>
        Choose none
      </Button>
    </section>
  );
}

function TextAction({
  label,
  options = [],
  onSet,
}: {
  label: string;
  options?: string[] | undefined;
  onSet: (value: string | null) => void;
}) {
  const listId = useId();
  return (
    <form
      className="bulk-text"
      onSubmit={(event) => {
        event.preventDefault();
        const value = String(new FormData(event.currentTarget).get('value')).trim();
        onSet(value === '' ? null : value);
      }}
    >
      <input
        className="input"
        name="value"
        aria-label={`Set the ${label.toLowerCase()}`}
        placeholder={label}
        list={listId}
        autoComplete="off"
      />
      <datalist id={listId}>
        {options.map((option) => (
          <option key={option} value={option} />
        ))}
      </datalist>
      <Button type="submit">Set</Button>
    </form>
  );
}
