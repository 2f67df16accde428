import { CodepaktError, type Event } from '@codepakt/contract';
import type { Context } from '../context.ts';
import { sqlBuilder } from '../database/database.ts';

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
