import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { client } from '../../../app/client.ts';
import { Button } from '../../../components/button.tsx';
import { Command } from '../../../components/command.tsx';
import { Avatar, PriorityMark } from '../../../components/labels.tsx';
import { Markdown } from '../../../components/lazy-markdown.tsx';
import { ErrorState, Loading } from '../../../components/message.tsx';
import { formatAgo, secondsSince } from '../../../lib/format-time.ts';
import { useNow } from '../../../lib/use-now.ts';
import { useShortcut } from '../../../lib/use-shortcut.ts';
import type { Card } from '../api/card.ts';
import { useChangeTask } from '../api/change-task.ts';
import { taskQuery } from '../api/read-task.ts';
import { WordsForm } from './task-actions.tsx';
import { TaskLinks } from './task-links.tsx';
import { NoteList } from './task-notes.tsx';
import { Verification } from './verification.tsx';
import './review-queue.css';

/** The tasks in review on the left, the evidence for one on the right; every act has a key. */
export function ReviewQueue({
  project,
  cards,
  hasMore,
  onMore,
  taskLink,
}: {
  project: string;
  cards: readonly Card[];
  hasMore: boolean;
  onMore: () => void;
  taskLink: (id: string) => ReactNode;
}) {
  const navigate = useNavigate();
  const changeTask = useChangeTask(project);
  const [chosen, setChosen] = useState<string>();
  const [isRejecting, setIsRejecting] = useState(false);
  const list = useRef<HTMLUListElement>(null);
  const place = Math.max(
    0,
    cards.findIndex(({ id }) => id === chosen),
  );
  const current = cards[place];

  const go = (to: number) => {
    const card = cards[Math.max(0, Math.min(to, cards.length - 1))];
    setChosen(card?.id);
    setIsRejecting(false);
  };
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  });
  const decide = async (
    says: string,
    send: (id: string) => ReturnType<typeof client.tasks.reject>,
  ) => {
    if (current === undefined) return;
    const { id } = current;
    // The next one comes up at once; if this one is refused it comes back to its place.
    const next = cards[place + 1] ?? cards[place - 1];
    const isDone = await changeTask({ id, says: `${id} ${says}`, send: () => send(id) });
    if (isDone) {
      setChosen(next?.id);
      setIsRejecting(false);
    }
  };
  const approve = () =>
    void decide('is done', (id) => client.tasks.approve({ params: { project, id }, body: {} }));
  const reject = (reason: string) =>
    void decide('goes back to its agent', (id) =>
      client.tasks.reject({ params: { project, id }, body: reason === '' ? {} : { reason } }),
    );

  useShortcut('j', () => go(place + 1));
  useShortcut('k', () => go(place - 1));
  useShortcut('ArrowDown', () => go(place + 1));
  useShortcut('ArrowUp', () => go(place - 1));
  useShortcut('a', approve);
  useShortcut('r', () => setIsRejecting(true));
  useShortcut('o', () => {
    if (current !== undefined) void navigate({ to: '.', search: { task: current.id } });
  });

  return (
    <div className="review">
      <nav className="review-list" aria-label="Tasks in review">
        <ul ref={list}>
          {cards.map((card, index) => (
            <li key={card.id}>
              <button
                type="button"
                className="review-item"
                aria-current={index === place ? 'true' : undefined}
                onClick={() => go(index)}
              >
                <span className="card-head">
                  <span className="card-id numbers">{card.id}</span>
                  <PriorityMark priority={card.priority} />
                </span>
                <span className="review-title">{card.title}</span>
              </button>
            </li>
          ))}
        </ul>
        {hasMore && (
          <Button kind="quiet" onClick={onMore}>
            Show more
          </Button>
        )}
      </nav>
      {current !== undefined && (
        <article className="review-task" aria-label={`${current.id} ${current.title}`}>
          <Evidence project={project} card={current} taskLink={taskLink} />
          <footer className="review-foot">
            {isRejecting ? (
              <WordsForm
                action={{ name: 'Reject', kind: 'danger' }}
                label="What is missing?"
                isRequired
                onCancel={() => setIsRejecting(false)}
                onSubmit={reject}
              />
            ) : (
              <div className="task-actions-row">
                <Button kind="primary" icon="check" shortcut="A" onClick={approve}>
                  Approve
                </Button>
                <Button icon="undo" shortcut="R" onClick={() => setIsRejecting(true)}>
                  Reject …
                </Button>
                <span className="muted numbers">
                  {place + 1} of {cards.length}
                  {hasMore && '+'}
                </span>
              </div>
            )}
          </footer>
        </article>
      )}
    </div>
  );
}

/** What a decision rests on. */
function Evidence({
  project,
  card,
  taskLink,
}: {
  project: string;
  card: Card;
  taskLink: (id: string) => ReactNode;
}) {
  const now = useNow();
  const task = useQuery(taskQuery(project, card.id));
  return (
    <div className="review-evidence">
      <p className="review-meta">
        {taskLink(card.id)}
        <PriorityMark priority={card.priority} />
        {card.epic !== null && <span className="epic">{card.epic}</span>}
        {card.assignee !== null && (
          <span className="panel-who">
            <Avatar name={card.assignee} /> {card.assignee}
          </span>
        )}
        {card.completed_at !== null && (
          <span className="muted numbers">
            finished {formatAgo(secondsSince(card.completed_at, now))}
          </span>
        )}
      </p>
      <h2 className="panel-title">{card.title}</h2>
      {task.isPending && <Loading what={card.id} />}
      {task.isError && <ErrorState error={task.error} onRetry={() => void task.refetch()} />}
      {task.data !== undefined && (
        <>
          <section>
            <h3 className="panel-heading">What the agent says</h3>
            <NoteList task={task.data} />
          </section>
          <section>
            <h3 className="panel-heading">Verification</h3>
            {task.data.verify !== null && <Command text={task.data.verify} />}
            {task.data.verification === null ? (
              <p className="muted">
                {task.data.verify === null
                  ? 'It names no command that shows that it is done.'
                  : 'No run of it is recorded.'}
              </p>
            ) : (
              <Verification task={task.data} />
            )}
          </section>
          {task.data.acceptance_criteria.length > 0 && (
            <section>
              <h3 className="panel-heading">Acceptance criteria</h3>
              <ul className="panel-list">
                {task.data.acceptance_criteria.map((one) => (
                  <li key={one}>{one}</li>
                ))}
              </ul>
            </section>
          )}
          {task.data.description !== null && (
            <section>
              <h3 className="panel-heading">Description</h3>
              <Markdown text={task.data.description} />
            </section>
          )}
          <section>
            <h3 className="panel-heading">Builds on it</h3>
            <TaskLinks
              project={project}
              ids={task.data.dependents}
              link={taskLink}
              none="No other task needs it."
            />
          </section>
        </>
      )}
    </div>
  );
}
