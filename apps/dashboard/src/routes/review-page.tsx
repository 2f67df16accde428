import { useInfiniteQuery } from '@tanstack/react-query';
import { useProject } from '../app/use-project.ts';
import { EmptyState, ErrorState, Loading } from '../components/message.tsx';
import { columnQuery } from '../features/tasks/api/list-column.ts';
import { ReviewQueue } from '../features/tasks/components/review-queue.tsx';
import { TaskLink } from './open-task.tsx';

/** All that waits for a person's word, one after another. */
export function ReviewPage() {
  const project = useProject();
  const review = useInfiniteQuery(columnQuery(project, 'review', {}));
  return (
    <>
      <header className="view-head">
        <h1>Review</h1>
        <p className="muted keys-hint">
          <kbd>J</kbd> <kbd>K</kbd> next, previous · <kbd>A</kbd> approve · <kbd>R</kbd> reject ·{' '}
          <kbd>O</kbd> open
        </p>
      </header>
      {review.isPending && <Loading what="what waits for review" />}
      {review.isError && <ErrorState error={review.error} onRetry={() => void review.refetch()} />}
      {review.isSuccess && review.data.pages[0]?.items.length === 0 && (
        <EmptyState title="Nothing waits for your review" command="cpk task done T-001">
          When an agent says that a task is finished, it appears here:
        </EmptyState>
      )}
      {review.isSuccess && review.data.pages[0]?.items.length !== 0 && (
        <ReviewQueue
          project={project}
          cards={review.data.pages.flatMap((page) => page.items)}
          hasMore={review.hasNextPage}
          onMore={() => void review.fetchNextPage()}
          taskLink={(id) => <TaskLink id={id} />}
        />
      )}
    </>
  );
}
