import { CodepaktError, type Event, type ProjectInfo, type UndoResult } from '@codepakt/contract';
import type { By, Context } from '../context.ts';
import { sqlBuilder } from '../database/database.ts';
import { undoDocEvent } from '../docs/undo-doc-event.ts';
import { updateProject } from '../project-info.ts';
import { undoTaskEvent } from '../tasks/undo-task-event.ts';
import { eventRow, findEvent, lastEventId } from './find-events.ts';

const WITHOUT_OPPOSITE = new Set([
  'scan_completed',
  'board_imported',
  'project_created',
  'lease_expired',
  'deps_met',
  'deps_broken',
  'task_verified',
]);

/**
 * Makes the opposite change of one event, as an event of its own that names it in `detail.undoes`.
 * @throws CodepaktError `event_not_found`, or `undo_refused` naming the later change in its way
 */
export function undoEvent(ctx: Context, id: string | number, by: By): UndoResult {
  const event = findEvent(ctx, id);
  if (WITHOUT_OPPOSITE.has(event.action)) {
    throw refusal(event, `${event.action} has no opposite`);
  }
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
  ) as Partial<Pick<ProjectInfo, 'name' | 'description' | 'settings'>>;
  updateProject(ctx, before, by, { undoes: event.id });
}

/**
 * Refuses when a later event of the same task, doc or project changed one of these fields.
 * @throws CodepaktError `undo_refused`
 */
export function refuseIfChangedLater(ctx: Context, event: Event, fields: readonly string[]): void {
  const later = ctx.db.all(laterThan(event));
  for (const { id, action, agent, detail } of later) {
    const changes = JSON.parse(detail) as Record<string, unknown>;
    const field = fields.find((name) => Array.isArray(changes[name]));
    if (field === undefined) continue;
    throw refusal(
      event,
      `${field} was changed later, by event ${id} (${action}, ${agent ?? 'nobody'})`,
      id,
    );
  }
}

function laterThan(event: Event) {
  const events = sqlBuilder
    .selectFrom('events')
    .select(['id', 'action', 'agent', 'detail'])
    .where('id', '>', event.id)
    .orderBy('id');
  if (event.task_id !== null) return events.where('task_id', '=', Number(event.task_id.slice(2)));
  if (event.doc_id !== null) return events.where('doc_id', '=', Number(event.doc_id.slice(2)));
  return events.where('action', '=', 'project_updated');
}

/** The refusal to undo an event. */
export function refusal(event: Event, why: string, inTheWay?: number): CodepaktError {
  return new CodepaktError('undo_refused', `event ${event.id} cannot be undone: ${why}`, {
    hint:
      inTheWay === undefined
        ? 'Make the change you want by hand.'
        : `Undo event ${inTheWay} first, or make the change you want by hand.`,
    details: { event: event.id, ...(inTheWay === undefined ? {} : { in_the_way: inTheWay }) },
  });
}
