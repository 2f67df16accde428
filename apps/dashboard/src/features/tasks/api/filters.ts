import type { Priority, Status } from '@codepakt/contract';
import { type Card, numberOf } from './card.ts';

/** What the board is narrowed to; as it stands in the URL. */
export interface Filters {
  q?: string | undefined;
  epic?: string | undefined;
  tag?: string | undefined;
  agent?: string | undefined;
  /** Several, with commas between. */
  priority?: string | undefined;
  /** Done tasks older than the last two weeks. */
  older?: string | undefined;
}

const DONE_DAYS = 14;

export function prioritiesOf(filters: Filters): Priority[] {
  return (filters.priority ?? '')
    .split(',')
    .filter((word): word is Priority => word === 'P0' || word === 'P1' || word === 'P2');
}

export function hasFilters({ q, epic, tag, agent, priority }: Filters): boolean {
  return [q, epic, tag, agent, priority].some((value) => value !== undefined && value !== '');
}

/** The part of the server's list query that the filters stand for. */
export function toTaskQuery(status: Status, filters: Filters, now = Date.now()) {
  const priority = prioritiesOf(filters);
  const { q, epic, tag, agent, older } = filters;
  return {
    status: [status],
    sort: status === 'done' ? ('completed_at' as const) : ('priority' as const),
    ...(status === 'done' && older === undefined ? { completed_since: doneSince(now) } : {}),
    ...(q === undefined || q.trim() === '' ? {} : { search: q }),
    ...(epic === undefined ? {} : { epic }),
    ...(tag === undefined ? {} : { tag: [tag] }),
    ...(agent === undefined ? {} : { assignee: agent }),
    ...(priority.length === 0 ? {} : { priority }),
  };
}

function doneSince(now: number): string {
  return new Date(now - DONE_DAYS * 86_400_000).toISOString();
}

/** Whether a card passes; undefined when only the server can tell, which searches the text. */
export function passes(card: Card, filters: Filters, now = Date.now()): boolean | undefined {
  const { q, epic, tag, agent, older } = filters;
  if (card.status === 'done' && older === undefined && (card.completed_at ?? '') < doneSince(now)) {
    return false;
  }
  const priority = prioritiesOf(filters);
  if (epic !== undefined && card.epic !== epic) return false;
  if (tag !== undefined && !card.tags.includes(tag)) return false;
  if (agent !== undefined && card.assignee !== agent) return false;
  if (priority.length > 0 && !priority.includes(card.priority)) return false;
  return q === undefined || q.trim() === '' ? true : undefined;
}

/** The order of a column, as the server has it. */
export function compareCards(status: Status, a: Card, b: Card): number {
  if (status === 'done') {
    return compare(b.completed_at ?? '', a.completed_at ?? '') || numberOf(b.id) - numberOf(a.id);
  }
  return compare(a.priority, b.priority) || numberOf(a.id) - numberOf(b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
