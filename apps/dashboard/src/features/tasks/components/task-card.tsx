import { memo } from 'react';
import { Icon } from '../../../components/icon.tsx';
import { Avatar, PriorityMark } from '../../../components/labels.tsx';
import { formatAge, secondsSince } from '../../../lib/format-time.ts';
import { useNow } from '../../../lib/use-now.ts';
import type { Card } from '../api/card.ts';
import './task-card.css';

const MOST_TAGS = 3;

/** What a card shows; where it lies and what can be done with it is the column's. */
export const TaskCard = memo(function TaskCard({ card }: { card: Card }) {
  const { id, title, priority, epic, tags } = card;
  return (
    <>
      <span className="card-head">
        <span className="card-id numbers">{id}</span>
        <PriorityMark priority={priority} />
        {epic !== null && <span className="epic">{epic}</span>}
      </span>
      <span className="card-title">{title}</span>
      <Waiting card={card} />
      {(card.assignee !== null || tags.length > 0 || card.depends_on.length > 0) && (
        <span className="card-foot">
          {card.assignee !== null && <Assignee card={card} name={card.assignee} />}
          <Dependencies card={card} />
          {tags.slice(0, MOST_TAGS).map((tag) => (
            <span key={tag} className="tag">
              {tag}
            </span>
          ))}
          {tags.length > MOST_TAGS && <span className="tag">+{tags.length - MOST_TAGS}</span>}
        </span>
      )}
    </>
  );
});

function Waiting({ card }: { card: Card }) {
  if (card.status === 'blocked') {
    return <span className="card-reason">{card.blocker_reason ?? 'Blocked without a reason'}</span>;
  }
  if (card.status !== 'backlog') return null;
  return (
    <span className="card-waits">
      {card.hold ? 'On hold' : `Waits for ${listOf(card.waits_for)}`}
    </span>
  );
}

function listOf(ids: readonly string[]): string {
  const [first, second, ...more] = ids;
  return [first, second, more.length > 0 ? `${more.length} more` : undefined]
    .filter(Boolean)
    .join(', ');
}

function Dependencies({ card: { depends_on, waits_for } }: { card: Card }) {
  if (depends_on.length === 0) return null;
  const met = depends_on.length - waits_for.length;
  return (
    <span
      className="card-deps numbers"
      title={`${met} of ${depends_on.length} dependencies are met`}
    >
      <Icon name="link" size={13} />
      <span className="visually-hidden">dependencies met: </span>
      {met}/{depends_on.length}
    </span>
  );
}

function Assignee({ card, name }: { card: Card; name: string }) {
  const now = useNow();
  const { status, started_at, lease_expired } = card;
  const isRunning = status === 'in-progress' && started_at !== null;
  return (
    <span className="card-assignee">
      <Avatar name={name} />
      <span className="card-agent">{name}</span>
      {isRunning && (
        <span className="card-age numbers" data-expired={lease_expired || undefined}>
          {formatAge(secondsSince(started_at, now))}
          {lease_expired && ' · lease over'}
        </span>
      )}
    </span>
  );
}
