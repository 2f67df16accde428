import { type Event, HUMAN } from '@codepakt/contract';

/** What happened, as a verb after the name of who did it. */
const VERBS: Record<string, string> = {
  project_created: 'made the project',
  project_updated: 'changed the project',
  task_created: 'added',
  task_updated: 'changed',
  task_pickup: 'picked up',
  task_released: 'gave back',
  task_complete: 'finished',
  task_approved: 'approved',
  task_rejected: 'sent back',
  task_blocked: 'blocked',
  task_unblocked: 'unblocked',
  task_cancelled: 'cancelled',
  task_noted: 'wrote a note on',
  task_verified: 'verified',
  deps_met: 'has its dependencies met',
  deps_broken: 'waits again for a dependency',
  lease_expired: 'lost its agent: the lease ran out',
  doc_created: 'wrote',
  doc_updated: 'changed',
  doc_deleted: 'deleted',
  scan_completed: 'scanned the code',
  board_imported: 'imported the board',
  board_restored: 'brought back a backup of the board',
};

export function verbOf({ action, detail }: Event): string {
  if (detail.undoes !== undefined) return 'took back a change of';
  return VERBS[action] ?? action.replaceAll('_', ' ');
}

/** Who did it; undefined when it happened by itself. */
export function actorOf({ agent }: Event): string | undefined {
  if (agent === null) return undefined;
  return agent === HUMAN ? 'A person' : agent;
}

export interface ChangeOfField {
  field: string;
  before: string;
  after: string;
}

/** Follow from others, and would only repeat them. */
const SILENT = new Set([
  'claim',
  'deps_met',
  'expiries',
  'started_at',
  'completed_at',
  'completed_by',
  'reviewed_by',
  'lease_expires_at',
]);

/** What the verb of an act says already. */
const IMPLIED = new Set(['status', 'assignee', 'blocker_reason', 'hold']);

/** The fields that an event changed, in words; long texts are cut. */
export function changesOf({ action, detail }: Event): ChangeOfField[] {
  if (action === 'task_created' || action === 'doc_created') return [];
  return Object.entries(detail)
    .filter((entry): entry is [string, [unknown, unknown]] => isChange(entry[1]))
    .filter(([field]) => !SILENT.has(field) && (action === 'task_updated' || !IMPLIED.has(field)))
    .map(([field, [before, after]]) => ({ field, before: show(before), after: show(after) }));
}

/** What was said about it: a note, a reason, the outcome of a verification. */
export function wordsOf({ action, detail }: Event): string[] {
  const said = ['note', 'reason', 'by'].flatMap((key) => {
    const value = detail[key];
    return typeof value === 'string' && value !== '' ? [value] : [];
  });
  const blocker = detail.blocker_reason;
  if (action === 'task_blocked' && Array.isArray(blocker) && typeof blocker[1] === 'string') {
    said.push(blocker[1]);
  }
  if (typeof detail.exit_code === 'number') {
    said.push(`${String(detail.command ?? '')} → exit ${detail.exit_code}`);
  }
  return [...new Set(said)];
}

function isChange(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2;
}

const LONGEST = 80;

function show(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–';
  if (Array.isArray(value)) return value.length === 0 ? '–' : cut(value.map(String).join(', '));
  return cut(typeof value === 'string' ? value : JSON.stringify(value));
}

function cut(text: string): string {
  const characters = [...text];
  return characters.length <= LONGEST ? text : `${characters.slice(0, LONGEST).join('')}…`;
}
