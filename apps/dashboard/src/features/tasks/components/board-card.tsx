import { useDraggable } from '@dnd-kit/core';
import { type KeyboardEvent, type MouseEvent, memo } from 'react';
import type { Card } from '../api/card.ts';
import { useCarry } from './carry.tsx';
import { TaskCard } from './task-card.tsx';

export interface CardActions {
  openTask: string | undefined;
  chosen: ReadonlySet<string>;
  onOpen: (id: string) => void;
  onChoose: (id: string) => void;
  /** To the column on the left or right. */
  onSide: (from: HTMLElement, by: 1 | -1) => void;
}

interface BoardCardProps extends CardActions {
  card: Card;
  isTabbable: boolean;
  onFocus: (id: string) => void;
  onStep: (from: string, by: 1 | -1) => void;
}

/**
 * A card that can be opened (Enter), chosen (X) and moved (Space, then the arrow keys). Its
 * checkbox lies beside the button and not in it: a button may hold no other control.
 */
export function BoardCard({ card, openTask, chosen, isTabbable, ...actions }: BoardCardProps) {
  const { id } = card;
  const { setNodeRef, listeners, attributes, isDragging } = useDraggable({ id, data: { card } });
  const { carry, pickUp } = useCarry();
  const isChosen = chosen.has(id);
  const isMoving = isDragging || carry?.card.id === id;

  const onClick = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) actions.onChoose(id);
    else actions.onOpen(id);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (isMoving || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = keyActions(card, event.currentTarget, { ...actions, pickUp })[event.key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a button element can't be dragged in Firefox */}
      <div
        ref={setNodeRef}
        {...listeners}
        role="button"
        tabIndex={isTabbable ? 0 : -1}
        aria-roledescription="task card"
        aria-describedby={attributes['aria-describedby']}
        className="card"
        data-card={id}
        data-open={openTask === id || undefined}
        data-chosen={isChosen || undefined}
        data-dragged={isMoving || undefined}
        onClick={onClick}
        onKeyDown={onKeyDown}
        onFocus={() => actions.onFocus(id)}
      >
        <TaskCard card={card} />
      </div>
      <Check id={id} isChosen={isChosen} isShown={chosen.size > 0} onChoose={actions.onChoose} />
    </>
  );
}

function keyActions(
  card: Card,
  element: HTMLElement,
  {
    onOpen,
    onChoose,
    onStep,
    onSide,
    pickUp,
  }: Omit<BoardCardProps, 'card' | 'chosen' | 'openTask' | 'isTabbable'> & {
    pickUp: (card: Card) => void;
  },
): Record<string, () => void> {
  const { id } = card;
  return {
    ' ': () => pickUp(card),
    Enter: () => onOpen(id),
    x: () => onChoose(id),
    ArrowDown: () => onStep(id, 1),
    ArrowUp: () => onStep(id, -1),
    j: () => onStep(id, 1),
    k: () => onStep(id, -1),
    ArrowRight: () => onSide(element, 1),
    ArrowLeft: () => onSide(element, -1),
  };
}

const Check = memo(function Check({
  id,
  isChosen,
  isShown,
  onChoose,
}: {
  id: string;
  isChosen: boolean;
  isShown: boolean;
  onChoose: (id: string) => void;
}) {
  return (
    <label className="card-check" data-shown={isShown || undefined}>
      <input
        type="checkbox"
        tabIndex={-1}
        checked={isChosen}
        aria-label={`Choose ${id}`}
        onChange={() => onChoose(id)}
      />
    </label>
  );
});
