import { useEffect } from 'react';
import { queryClient } from '../client.ts';
import { applyEvents, readAnew } from './apply-events.ts';
import { setConnection } from './connection.ts';
import { followEvents } from './event-feed.ts';

/** Keeps all that the page shows of a project as it is, from the event after which it was read. */
export function useLive(project: string, after: number): void {
  useEffect(() => {
    setConnection('connecting');
    return followEvents({
      project,
      after,
      onEvents: (events) => applyEvents(queryClient, project, events),
      onReturn: () => readAnew(queryClient, project),
      onConnection: setConnection,
    });
  }, [project, after]);
}
