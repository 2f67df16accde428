import type { TaskDetail } from '@codepakt/contract';
import { useRef } from 'react';
import { client } from '../../../app/client.ts';
import { Markdown } from '../../../components/lazy-markdown.tsx';
import { formatMoment } from '../../../lib/format-time.ts';
import { useChangeTask } from '../api/change-task.ts';
import { None } from './none.tsx';

/** The notes of a task, and a form for one more. */
export function TaskNotes({ project, task }: { project: string; task: TaskDetail }) {
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
