import type { Status, Task } from '@codepakt/contract';

/** All that a card shows, and nothing more: lists of tasks are asked for these fields alone. */
export const CARD_FIELDS = [
  'id',
  'title',
  'status',
  'hold',
  'priority',
  'assignee',
  'epic',
  'tags',
  'depends_on',
  'waits_for',
  'blocker_reason',
  'lease_expires_at',
  'lease_expired',
  'started_at',
  'completed_at',
  'version',
] as const satisfies (keyof Task)[];

export type Card = Pick<Task, (typeof CARD_FIELDS)[number]>;

/** The same fields of a whole task. */
export function toCard(task: Task): Card {
  return Object.fromEntries(CARD_FIELDS.map((field) => [field, task[field]])) as Card;
}

export const COLUMNS = ['backlog', 'open', 'in-progress', 'review', 'done'] as const;

/** What stands over a column, and what a status is called in sentences. */
export const STATUS_NAMES: Record<Status, string> = {
  backlog: 'Backlog',
  open: 'Open',
  'in-progress': 'In progress',
  review: 'Review',
  done: 'Done',
  blocked: 'Blocked',
  cancelled: 'Cancelled',
};

/** The number in `T-012`, by which tasks are ordered. */
export function numberOf(id: string): number {
  return Number(id.slice(2));
}
