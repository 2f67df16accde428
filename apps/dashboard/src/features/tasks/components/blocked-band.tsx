import { useDndContext, useDroppable } from '@dnd-kit/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Icon } from '../../../components/icon.tsx';
import type { Filters } from '../api/filters.ts';
import { columnQuery } from '../api/list-column.ts';
import { BoardCard, type CardActions } from './board-card.tsx';
import { focusCard, useCarry, useLanding } from './carry.tsx';
import './blocked-band.css';

/** What can't go on without a person, above everything else. While a card is dragged it can be dropped here. */
export function BlockedBand({
  project,
  filters,
  ...actions
}: CardActions & { project: string; filters: Filters }) {
  const blocked = useInfiniteQuery(columnQuery(project, 'blocked', filters));
  const { active } = useDndContext();
  const { setNodeRef, isOver, node } = useDroppable({ id: 'blocked' });
  const { carry } = useCarry();
  const cards = useMemo(
    () => blocked.data?.pages.flatMap((page) => page.items) ?? [],
    [blocked.data],
  );
  useLanding(
    useMemo(() => cards.map(({ id }) => id), [cards]),
    (id) => void focusCard(node.current, id),
  );
  if (cards.length === 0 && active === null && carry === undefined) return null;
  return (
    <section
      className="blocked-band"
      aria-label="Blocked"
      ref={setNodeRef}
      data-over={isOver || carry?.over === 'blocked' || undefined}
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
