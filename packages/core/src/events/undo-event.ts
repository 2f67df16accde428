import { check, type Event, ProjectPatch, type UndoResult } from '@codepakt/contract';
import type { By, Context } from '../context.ts';
import { undoDocEvent } from '../docs/undo-doc-event.ts';
import { updateProject } from '../project-info.ts';
import { undoTaskEvent } from '../tasks/undo-task-event.ts';
import { eventRow, findEvent, lastEventId } from './find-events.ts';
import { hasOpposite, refusal, refuseIfChangedLater } from './undo-refusal.ts';

/**
 * Makes the opposite change of one event, as an event of its own that names it in `detail.undoes`.
 * @throws CodepaktError `event_not_found`, or `undo_refused` naming the later change in its way
 */
export function undoEvent(ctx: Context, id: string | number, by: By): UndoResult {
  const event = findEvent(ctx, id);
  if (!hasOpposite(event.action)) throw refusal(event, `${event.action} has no opposite`);
  if (by.agent !== undefined && by.agent !== event.agent) {
    throw refusal(event, 'an agent may undo only what it did itself');
  }
  if (event.task_id !== null && event.version === null) {
    throw refusal(event, 'it happened before the board was carried over');
  }
  if (event.task_id !== null) {
    const { event_id, task } = undoTaskEvent(ctx, event, by);
    return { event: findEvent(ctx, event_id), task };
  }
  if (event.doc_id !== null) {
    return { event: findEvent(ctx, undoDocEvent(ctx, eventRow(ctx, event.id), by)), task: null };
  }
  if (event.action !== 'project_updated') throw refusal(event, `${event.action} has no opposite`);
  undoProjectEvent(ctx, event, by);
  return { event: findEvent(ctx, lastEventId(ctx)), task: null };
}

function undoProjectEvent(ctx: Context, event: Event, by: By): void {
  refuseIfChangedLater(ctx, event, Object.keys(event.detail));
  const before = Object.fromEntries(
    Object.entries(event.detail)
      .filter(([, value]) => Array.isArray(value))
      .map(([field, value]) => [field, (value as unknown[])[0]]),
  );
  // An imported log may say anything.
  updateProject(ctx, check(ProjectPatch, before, 'detail'), by, { undoes: event.id });
}
