import { useDndContext, useDroppable } from '@dnd-kit/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Icon } from '../../../components/icon.tsx';
import type { Filters } from '../api/filters.ts';
import { columnQuery } from '../api/list-column.ts';
import { BoardCard, type CardActions } from './board-card.tsx';
import './blocked-band.css';

/** What can't go on without a person, above everything else. While a card is dragged it can be dropped here. */
export function BlockedBand({
  project,
  filters,
  ...actions
}: CardActions & { project: string; filters: Filters }) {
  const blocked = useInfiniteQuery(columnQuery(project, 'blocked', filters));
  const { active } = useDndContext();
  const { setNodeRef, isOver } = useDroppable({ id: 'blocked' });
  const cards = blocked.data?.pages.flatMap((page) => page.items) ?? [];
  if (cards.length === 0 && active === null) return null;
  return (
    <section
      className="blocked-band"
      aria-label="Blocked"
      ref={setNodeRef}
      data-over={isOver || undefined}
      data-empty={cards.length === 0 || undefined}
    >
      <h2>
        <Icon name="alert" />
        Blocked <span className="numbers">{cards.length}</span>
        <span className="blocked-hint">needs a person</span>
      </h2>
      {cards.length > 0 && (
        <ul>
          {cards.map((card) => (
            <li key={card.id} className="card-row">
              <BoardCard
                card={card}
                isTabbable
                onFocus={() => undefined}
                onStep={() => undefined}
                {...actions}
              />
            </li>
          ))}
        </ul>
      )}
      {blocked.hasNextPage && (
        <button type="button" className="button" onClick={() => void blocked.fetchNextPage()}>
          Show more
        </button>
      )}
    </section>
  );
}
