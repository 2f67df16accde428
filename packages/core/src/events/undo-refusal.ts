import { CodepaktError, type Event } from '@codepakt/contract';
import type { Context } from '../context.ts';
import { sqlBuilder } from '../database/database.ts';
import { readStoredJson } from '../database/stored-json.ts';

const WITHOUT_OPPOSITE = new Set([
  'scan_completed',
  'board_imported',
  'project_created',
  'lease_expired',
  'deps_met',
  'deps_broken',
  'task_verified',
]);

/** Whether events of an action can be undone at all. */
export function hasOpposite(action: string): boolean {
  return !WITHOUT_OPPOSITE.has(action);
}

/**
 * Refuses when a later event of the same task, doc or project changed one of these fields.
 * @param passedOver actions whose changes are in nobody's way
 * @throws CodepaktError `undo_refused`
 */
export function refuseIfChangedLater(
  ctx: Context,
  event: Event,
  fields: readonly string[],
  passedOver: readonly string[] = [],
): void {
  const later = ctx.db.all(laterThan(event));
  for (const { id, action, agent, detail } of later) {
    if (passedOver.includes(action)) continue;
    const changes = readStoredJson<Record<string, unknown>>(detail);
    const field = fields.find((name) => Array.isArray(changes[name]));
    if (field === undefined) continue;
    throw refusal(
      event,
      `${field} was changed later, by event ${id} (${action}, ${agent ?? 'nobody'})`,
      { id, canBeUndone: hasOpposite(action) },
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
export function refusal(
  event: Event,
  why: string,
  inTheWay?: { id: number; canBeUndone: boolean },
): CodepaktError {
  const how = event.action === 'task_created' ? `: cpk task cancel ${event.task_id}` : '.';
  return new CodepaktError('undo_refused', `event ${event.id} cannot be undone: ${why}`, {
    hint:
      inTheWay?.canBeUndone === true
        ? `Undo event ${inTheWay.id} first, or make the change you want by hand${how}`
        : `Make the change you want by hand${how}`,
    details: { event: event.id, ...(inTheWay === undefined ? {} : { in_the_way: inTheWay.id }) },
  });
}
