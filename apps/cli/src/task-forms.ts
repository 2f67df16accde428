import type {
  ApprovalResult,
  PickupResult,
  Task,
  TaskDetail,
  TaskHead,
  TaskResult,
} from '@codepakt/contract';
import { terse } from './terse.ts';

/** What a list of tasks tells of each. */
export const LIST_FIELDS = [
  'id',
  'title',
  'status',
  'priority',
  'assignee',
  'epic',
  'waits_for',
] as const satisfies (keyof Task)[];

/** What an agent that holds tasks wants to know of them besides. */
export const MINE_FIELDS = [
  'id',
  'title',
  'status',
  'priority',
  'epic',
  'waits_for',
  'claim',
  'lease_expires_at',
  'blocker_reason',
] as const satisfies (keyof Task)[];

/** Fields that follow from the act itself: who asked for it knows them. */
const BOOKKEEPING: ReadonlySet<string> = new Set<keyof Task>([
  'status',
  'version',
  'updated_at',
  'started_at',
  'completed_at',
  'lease_expires_at',
  'lease_expired',
  'expiries',
  'claim',
  'deps_met',
  'waits_for',
  'completed_by',
  'reviewed_by',
  'notes',
]);

/** Fields that do not help to begin with a task. */
const NOT_NEEDED_TO_START: ReadonlySet<string> = new Set<keyof Task>([
  'hold',
  'deps_met',
  'waits_for',
  'lease_expired',
  'expiries',
  'completed_by',
  'reviewed_by',
  'created_at',
  'updated_at',
  'started_at',
  'completed_at',
  'legacy_id',
]);

/** What a change of a task prints: id, status, version, and what changed. */
export function changeForm(result: TaskResult): unknown {
  const { id, status, version, changed, waits_for, opened, reverted, message } = result;
  return terse({
    id,
    status,
    version,
    changed: changed.filter((field) => !BOOKKEEPING.has(field)),
    claim: status === 'in-progress' && changed.includes('claim') ? result.claim : null,
    waits_for: status === 'backlog' ? waits_for : [],
    opened,
    reverted,
    message,
  });
}

/** What a new task prints. */
export function createdForm({ id, status, version, waits_for }: Task): unknown {
  return terse({ id, status, version, waits_for });
}

/** `{task, context, holding}`, or `{task: null, why}` with the reasons that count. */
export function pickupForm({ task, context, holding, why }: PickupResult): unknown {
  const rest = terse({ context, holding }) as object;
  if (task !== null) {
    const needed = Object.entries(task).filter(([name]) => !NOT_NEEDED_TO_START.has(name));
    return { task: terse(Object.fromEntries(needed)), ...rest };
  }
  const reasons = Object.entries(why ?? {}).filter(([, count]) => count !== 0);
  return { task: null, ...rest, why: terse(Object.fromEntries(reasons)) };
}

/** What a sign of life prints. */
export function heartbeatForm({ id, claim, lease_expires_at }: TaskHead): unknown {
  return terse({ id, claim, lease_expires_at });
}

/** What an approval prints: the change, and the evidence it rests on. */
export function approvalForm(result: ApprovalResult): unknown {
  const { notes, verification } = result;
  return { ...(changeForm(result) as object), ...(terse({ notes, verification }) as object) };
}

/** What a task that was waited for prints. */
export function waitedForm({ id, status, version, assignee }: TaskDetail): unknown {
  return terse({ id, status, version, assignee });
}
