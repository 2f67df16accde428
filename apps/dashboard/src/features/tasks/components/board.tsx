import type { Status, TaskResult } from '@codepakt/contract';
import {
  type Announcements,
  type Collision,
  type CollisionDetection,
  DndContext,
  type DragEndEvent,
  DragOverlay,
  type DragStartEvent,
  type KeyboardCoordinateGetter,
  KeyboardSensor,
  MouseSensor,
  pointerWithin,
  TouchSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import { type ReactNode, useCallback, useState } from 'react';
import { client } from '../../../app/client.ts';
import { type Card, STATUS_NAMES } from '../api/card.ts';
import { useChangeTask } from '../api/change-task.ts';
import { TaskCard } from './task-card.tsx';

/** Where cards can be dropped, by the statuses in the order of the arrow keys. */
export function Board({ project, children }: { project: string; children: ReactNode }) {
  const changeTask = useChangeTask(project);
  const [dragged, setDragged] = useState<Card>();
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }),
    useSensor(KeyboardSensor, {
      keyboardCodes: { start: ['Space'], cancel: ['Escape'], end: ['Space', 'Enter'] },
      coordinateGetter: toNextColumn,
      scrollBehavior: 'auto',
    }),
  );

  const onDragStart = ({ active }: DragStartEvent) => setDragged(cardOf(active));
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    setDragged(undefined);
    const card = cardOf(active);
    const status = over?.id as Status | undefined;
    if (card === undefined || status === undefined || status === card.status) return;
    void changeTask({
      id: card.id,
      looks: looksWhen(card, status),
      says: (result) => sayWhere(result, status),
      send: () => setStatus(project, card, status),
    });
  };

  return (
    <DndContext
      sensors={sensors}
      collisionDetection={findColumn}
      onDragStart={onDragStart}
      onDragEnd={onDragEnd}
      onDragCancel={useCallback(() => setDragged(undefined), [])}
      accessibility={{ announcements, screenReaderInstructions: instructions }}
      autoScroll={{ threshold: { x: 0.15, y: 0 } }}
    >
      {children}
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

const ORDER: Status[] = ['backlog', 'open', 'in-progress', 'review', 'done'];

/** With the keyboard a card goes from column to column, and up to the blocked ones. */
const toNextColumn: KeyboardCoordinateGetter = (event, { context }) => {
  const { droppableRects, over, active } = context;
  const shown = ORDER.filter((status) => droppableRects.has(status));
  const here = (over?.id ?? cardOf(active ?? { data: {} })?.status) as Status | undefined;
  const goTo = (status: Status | undefined) => {
    const rect = status === undefined ? undefined : droppableRects.get(status);
    return rect === undefined ? undefined : { x: rect.left, y: rect.top };
  };
  if (event.code === 'ArrowUp') return goTo('blocked');
  if (event.code === 'ArrowDown') return goTo(shown[0]);
  const by = event.code === 'ArrowRight' ? 1 : event.code === 'ArrowLeft' ? -1 : 0;
  if (by === 0) return undefined;
  return goTo(shown[(here === undefined ? -1 : shown.indexOf(here)) + by]);
};

/** Under the pointer; by keyboard, the one whose corner is the nearest. */
const findColumn: CollisionDetection = (given) => {
  if (given.pointerCoordinates !== null) return pointerWithin(given);
  const { collisionRect, droppableContainers, droppableRects } = given;
  const found: (Collision & { distance: number })[] = [];
  for (const { id } of droppableContainers) {
    const rect = droppableRects.get(id);
    if (rect === undefined) continue;
    const distance = Math.hypot(rect.left - collisionRect.left, rect.top - collisionRect.top);
    found.push({ id, distance });
  }
  return found.sort((a, b) => a.distance - b.distance).slice(0, 1);
};

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
