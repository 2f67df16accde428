import type { Event } from '@codepakt/contract';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from '../../../components/button.tsx';
import { EmptyState, ErrorState, Loading } from '../../../components/message.tsx';
import { type EventFilters, eventsQuery } from '../api/list-events.ts';
import { EventItem } from './event-item.tsx';

/** The audit log, newest first; live, because what happens is put in front. */
export function EventList({
  project,
  filters,
  subject,
}: {
  project: string;
  filters: EventFilters;
  subject?: (event: Event) => ReactNode;
}) {
  const events = useInfiniteQuery(eventsQuery(project, filters));
  if (events.isPending) return <Loading what="what happened" />;
  if (events.isError) {
    return <ErrorState error={events.error} onRetry={() => void events.refetch()} />;
  }
  const items = events.data.pages.flatMap((page) => page.items);
  if (items.length === 0) return <EmptyState title="Nothing of that kind has happened" />;
  return (
    <>
      <ol aria-label="Events, newest first">
        {items.map((event) => (
          <EventItem key={event.id} event={event} subject={subject?.(event)} />
        ))}
      </ol>
      {events.hasNextPage && (
        <Button disabled={events.isFetching} onClick={() => void events.fetchNextPage()}>
          Show older
        </Button>
      )}
    </>
  );
}
