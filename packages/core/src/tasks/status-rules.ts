import type { EventAction, Status } from '@codepakt/contract';
import type { TaskRow } from '../database/schema.ts';

/** The columns that a change of status may set. */
export type StatusColumns = Pick<
  TaskRow,
  | 'status'
  | 'hold'
  | 'assignee'
  | 'blocker_reason'
  | 'claim'
  | 'lease_seconds'
  | 'lease_expires_at'
  | 'expiries'
  | 'completed_by'
  | 'reviewed_by'
  | 'started_at'
  | 'completed_at'
>;

export interface StatusChange {
  to: Status;
  /** UTC, ISO 8601. */
  at: string;
  /** Who gets it; left out, whoever has it, and nobody when it goes back to the queue. */
  assignee?: string | null;
  lease?: { seconds: number; expires_at: string } | undefined;
  /** Why it is blocked. */
  reason?: string | undefined;
  completed_by?: string;
  reviewed_by?: string;
}

/**
 * What a change of status means for the task itself: the one place that knows.
 * Open with unmet dependencies becomes backlog; backlog asked for by name is a hold.
 */
export function planStatus(task: TaskRow, change: StatusChange): StatusColumns {
  const status = change.to === 'open' && task.unmet > 0 ? 'backlog' : change.to;
  const isFinished = status === 'review' || status === 'done';
  const isReturned = isQueued(status) && !isQueued(task.status);
  const isClaimed = status === 'in-progress';
  const kept = isReturned ? null : task.assignee;
  return {
    status,
    hold: change.to === 'backlog' ? 1 : 0,
    assignee: change.assignee === undefined ? kept : change.assignee,
    blocker_reason: status === 'blocked' ? (change.reason ?? null) : null,
    claim: isClaimed ? task.claim + 1 : task.claim,
    lease_seconds: isClaimed ? (change.lease?.seconds ?? null) : null,
    lease_expires_at: isClaimed ? (change.lease?.expires_at ?? null) : null,
    expiries: isFinished ? 0 : task.expiries,
    completed_by: isFinished ? (change.completed_by ?? task.completed_by) : null,
    reviewed_by: status === 'done' ? (change.reviewed_by ?? null) : null,
    started_at: isReturned ? null : isClaimed ? (task.started_at ?? change.at) : task.started_at,
    completed_at: isFinished ? (task.completed_at ?? change.at) : null,
  };
}

function isQueued(status: Status): boolean {
  return status === 'open' || status === 'backlog';
}

export type TaskAction =
  | 'pickup'
  | 'done'
  | 'approve'
  | 'reject'
  | 'block'
  | 'unblock'
  | 'release'
  | 'cancel';

/** The action that has the effect of setting a status by hand, or undefined when there is none. */
export function actionWithEffect(from: Status, to: Status): TaskAction | undefined {
  if (to === 'cancelled') return 'cancel';
  if (to === 'blocked') return from === 'open' || from === 'in-progress' ? 'block' : undefined;
  switch (from) {
    case 'open':
      return to === 'in-progress' ? 'pickup' : undefined;
    case 'in-progress':
      return to === 'review' ? 'done' : to === 'open' ? 'release' : undefined;
    case 'review':
      if (to === 'done') return 'approve';
      return to === 'in-progress' || to === 'open' ? 'reject' : undefined;
    case 'blocked':
      return to === 'open' ? 'unblock' : undefined;
    default:
      return undefined;
  }
}

export const EVENT_OF: Record<TaskAction, EventAction> = {
  pickup: 'task_pickup',
  done: 'task_complete',
  approve: 'task_approved',
  reject: 'task_rejected',
  block: 'task_blocked',
  unblock: 'task_unblocked',
  release: 'task_released',
  cancel: 'task_cancelled',
};
