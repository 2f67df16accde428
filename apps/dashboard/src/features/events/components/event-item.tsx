import type { Event } from '@codepakt/contract';
import { memo, type ReactNode } from 'react';
import { Icon, type IconName } from '../../../components/icon.tsx';
import { Avatar } from '../../../components/labels.tsx';
import { formatAge, formatMoment, secondsSince } from '../../../lib/format-time.ts';
import { useNow } from '../../../lib/use-now.ts';
import { actorOf, changesOf, verbOf, wordsOf } from './describe-event.ts';
import './event-item.css';

const SIGNS: Record<string, IconName> = {
  task_created: 'plus',
  task_approved: 'check',
  task_complete: 'check',
  task_blocked: 'alert',
  task_cancelled: 'x',
  task_rejected: 'undo',
  deps_met: 'link',
  lease_expired: 'alert',
  doc_created: 'docs',
  doc_updated: 'docs',
  doc_deleted: 'docs',
  scan_completed: 'code',
};

/** One entry of the audit log; `subject` is the link to what it is about. */
export const EventItem = memo(function EventItem({
  event,
  subject,
}: {
  event: Event;
  subject?: ReactNode;
}) {
  const now = useNow();
  const actor = actorOf(event);
  const changes = changesOf(event);
  return (
    <li className="event" data-action={event.action}>
      <span className="event-sign">
        {actor === undefined || event.agent === 'human' ? (
          <span className="event-icon">
            <Icon name={SIGNS[event.action] ?? 'edit'} size={13} />
          </span>
        ) : (
          <Avatar name={actor} />
        )}
      </span>
      <div className="event-body">
        <p>
          {actor !== undefined && <strong>{actor}</strong>}{' '}
          {actor === undefined ? (
            <>
              {subject} {verbOf(event)}
            </>
          ) : (
            <>
              {verbOf(event)} {subject}
            </>
          )}
          <time
            className="event-time numbers"
            dateTime={event.created_at}
            title={formatMoment(event.created_at)}
          >
            {formatAge(secondsSince(event.created_at, now))}
          </time>
        </p>
        {wordsOf(event).map((words) => (
          <p key={words} className="event-words preline">
            {words}
          </p>
        ))}
        {changes.length > 0 && (
          <ul className="event-changes">
            {changes.map(({ field, before, after }) => (
              <li key={field}>
                <span className="event-field">{field.replaceAll('_', ' ')}</span> {before}{' '}
                <span aria-hidden="true">→</span>
                <span className="visually-hidden">to</span> {after}
              </li>
            ))}
          </ul>
        )}
      </div>
    </li>
  );
});
