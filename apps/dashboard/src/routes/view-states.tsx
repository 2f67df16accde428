import type { ErrorComponentProps } from '@tanstack/react-router';
import { useConnection } from '../app/live/connection.ts';
import { EmptyState, ErrorState, Loading } from '../components/message.tsx';

/** What stands in the place of a view whose files are still to come. */
export function ViewPending() {
  const connection = useConnection();
  if (connection !== 'lost') return <Loading what="the view" />;
  return (
    <EmptyState title="This view was not opened before" command="cpk server start">
      It comes as soon as the server answers again.
    </EmptyState>
  );
}

/** What stands in the place of a view that could not be shown. */
export function ViewError({ error }: ErrorComponentProps) {
  return <ErrorState error={error} onRetry={() => location.reload()} />;
}
