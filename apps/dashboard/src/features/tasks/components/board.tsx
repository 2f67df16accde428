import type { Status, TaskResult } from '@codepakt/contract';
import {
  type Announcements,
  DndContext,
  type DragEndEvent,
  DragOverlay,
  type DragStartEvent,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { type ReactNode, useCallback, useState } from 'react';
import { client, queryClient } from '../../../app/client.ts';
import { type Card, STATUS_NAMES } from '../api/card.ts';
import { useChangeTask } from '../api/change-task.ts';
import { cardsOnShow } from '../api/place-cards.ts';
import { CarryByKeyboard } from './carry.tsx';
import { TaskCard } from './task-card.tsx';

/** Where cards can be dropped, by mouse, by touch and by keyboard. */
export function Board({
  project,
  columns,
  children,
}: {
  project: string;
  columns: readonly Status[];
  children: ReactNode;
}) {
  const changeTask = useChangeTask(project);
  const [dragged, setDragged] = useState<Card>();
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }),
  );

  const onDragStart = ({ active }: DragStartEvent) => setDragged(cardOf(active));
  const moveTo = async (card: Card, status: Status) => {
    if (status !== card.status) {
      await changeTask({
        id: card.id,
        looks: looksWhen(card, status),
        says: (result) => sayWhere(result, status),
        send: () => setStatus(project, card, status),
      });
    }
    return cardsOnShow(queryClient, project).has(card.id);
  };
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    setDragged(undefined);
    const card = cardOf(active);
    if (card !== undefined && over !== null) void moveTo(card, over.id as Status);
  };

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={pointerWithin}
      onDragStart={onDragStart}
      onDragEnd={onDragEnd}
      onDragCancel={useCallback(() => setDragged(undefined), [])}
      accessibility={{ announcements, screenReaderInstructions: instructions }}
      // Slow enough to let go of a card over the next column.
      autoScroll={{ threshold: { x: 0.15, y: 0 }, acceleration: 3 }}
    >
      <CarryByKeyboard columns={columns} onDrop={moveTo}>
        {children}
      </CarryByKeyboard>
      <DragOverlay dropAnimation={null}>
        {dragged !== undefined && (
          <div className="card" data-overlay>
            <TaskCard card={dragged} />
          </div>
        )}
      </DragOverlay>
    </DndContext>
  );
}

function sayWhere({ id, status, waits_for }: TaskResult, wanted: Status): string {
  if (status === wanted) return `${id} is now in ${STATUS_NAMES[status]}`;
  return `${id} is in ${STATUS_NAMES[status]}: it waits for ${waits_for.join(', ')}`;
}

function setStatus(project: string, { id, version }: Card, status: Status): Promise<TaskResult> {
  return client.tasks.update({ params: { project, id }, body: { status } }, { if_match: version });
}

/** What can be told without the server of how a card will be. */
function looksWhen(card: Card, status: Status): Partial<Card> {
  // With unmet dependencies it goes to the backlog instead.
  const isWaiting = status === 'open' && card.waits_for.length > 0;
  const now = new Date().toISOString();
  return {
    status: isWaiting ? 'backlog' : status,
    hold: status === 'backlog',
    lease_expired: false,
    assignee: status === 'open' || status === 'backlog' ? null : card.assignee,
    started_at: status === 'in-progress' ? (card.started_at ?? now) : card.started_at,
    completed_at: status === 'done' || status === 'review' ? (card.completed_at ?? now) : null,
  };
}

function cardOf(active: { data: { current?: unknown } }): Card | undefined {
  return (active.data.current as { card?: Card } | undefined)?.card;
}

const instructions = {
  draggable:
    'Press Enter to open the task, X to choose it. Press Space to pick it up, then the left and right arrow keys to choose a column, the up arrow key for the blocked tasks, Space to drop it, Escape to leave it where it was.',
};

const announcements: Announcements = {
  onDragStart: ({ active }) => `Picked up ${active.id}.`,
  onDragOver: ({ active, over }) =>
    over === null ? `${active.id} is over no column.` : `${active.id} is over ${nameOf(over.id)}.`,
  onDragEnd: ({ active, over }) =>
    over === null
      ? `${active.id} stays where it was.`
      : `${active.id} was dropped in ${nameOf(over.id)}.`,
  onDragCancel: ({ active }) => `${active.id} stays where it was.`,
};

function nameOf(id: string | number): string {
  return STATUS_NAMES[id as Status];
}
