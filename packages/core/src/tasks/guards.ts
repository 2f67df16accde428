import { CodepaktError, type Status } from '@codepakt/contract';
import type { By, Context } from '../context.ts';
import { prepared } from '../database/database.ts';
import { raw } from '../database/raw.ts';
import type { TaskRow } from '../database/schema.ts';
import { taskId } from '../ids.ts';
import { isResolved } from './load-task.ts';
import type { TaskAction } from './status-rules.ts';

/** What an action brings along for its guard to judge. */
export interface Request extends By {
  /** The number that the caller believes the present claim to have. */
  claim?: number | undefined;
  reason?: string | undefined;
  force?: boolean | undefined;
}

type Guard = (ctx: Context, task: TaskRow, request: Request) => void;

/** Who may do what, and from which status: each throws when it must not be. */
export const guards: Record<Exclude<TaskAction, 'pickup'>, Guard> = {
  done(ctx, task, request) {
    if (request.force !== true) requireHolder(ctx, task, request);
    requireStatus(task, 'done', ['in-progress']);
  },
  approve(_, task, request) {
    requireStatus(task, 'approved', ['review']);
    if (request.force !== true) refuseSelfApproval(task, request);
  },
  reject(_, task, request) {
    requireStatus(task, 'rejected', ['review']);
    requireReason(request);
  },
  block(ctx, task, request) {
    requireReason(request);
    if (task.status === 'open') requireFreeFor(ctx, task, request);
    else requireHolder(ctx, task, request);
    requireStatus(task, 'blocked', ['open', 'in-progress']);
  },
  unblock(_, task) {
    requireStatus(task, 'unblocked', ['blocked']);
  },
  release(ctx, task, request) {
    requireHolder(ctx, task, request);
    requireStatus(task, 'released', ['in-progress']);
  },
  cancel(_, __, request) {
    requireReason(request);
  },
};

function inWords(status: Status): string {
  return status === 'review' ? 'in review' : status;
}

function requireStatus(task: TaskRow, verb: string, from: readonly Status[]): void {
  if (from.includes(task.status)) return;
  throw new CodepaktError(
    'wrong_status',
    `${taskId(task.id)} is ${task.status}; only what is ${from.map(inWords).join(' or ')} can be ${verb}`,
    {
      hint: `A person may set any status: cpk task update ${taskId(task.id)} --status …`,
      details: { status: task.status, assignee: task.assignee },
    },
  );
}

function requireReason({ agent, reason }: Request): void {
  if (agent === undefined || reason !== undefined) return;
  throw new CodepaktError('reason_required', 'an agent must say why', {
    hint: 'Give a reason: --reason "…".',
    errors: [{ path: '/reason', message: 'is missing' }],
  });
}

function refuseSelfApproval(task: TaskRow, { agent }: Request): void {
  if (agent === undefined || agent !== task.completed_by) return;
  throw new CodepaktError(
    'self_approval',
    `${taskId(task.id)} was finished by ${agent}, who cannot approve it too`,
    { hint: 'Let somebody else look at it; --force overrides and is recorded.' },
  );
}

/** An open task may be blocked by whoever could pick it up. */
function requireFreeFor(ctx: Context, task: TaskRow, { agent, claim }: Request): void {
  if (claim !== undefined) throw lostClaim(ctx, task, { agent });
  if (agent === undefined || task.assignee === null || task.assignee === agent) return;
  throw lostClaim(ctx, task, { agent });
}

/**
 * Lets a person pass, and the agent who holds the claim.
 * @throws CodepaktError `lost_claim` for a claim that is another's or no longer the caller's, `wrong_status` when nobody claims it
 */
export function requireHolder(ctx: Context, task: TaskRow, { agent, claim }: Request): void {
  const isClaimed = task.status === 'in-progress';
  if (claim !== undefined && (!isClaimed || claim !== task.claim)) {
    throw lostClaim(ctx, task, { agent });
  }
  if (agent === undefined) return;
  if (isClaimed) {
    if (task.assignee !== agent) throw lostClaim(ctx, task, { agent });
    return;
  }
  if (hasHeld(ctx, task, agent)) throw lostClaim(ctx, task, { agent });
  throw new CodepaktError(
    'wrong_status',
    `${taskId(task.id)} is ${task.status} and not claimed by ${agent}`,
    {
      hint:
        task.status === 'open'
          ? `Pick it up first: cpk task pickup --id ${taskId(task.id)}`
          : `Look at it: cpk task show ${taskId(task.id)}`,
      details: { status: task.status, assignee: task.assignee },
    },
  );
}

/** The index is named: SQLite would rather read all that the agent ever did. */
const pickups = prepared<{ id: number; agent: string }, { id: number }>(
  (p) => raw<{ id: number }>`
    SELECT id FROM events INDEXED BY events_of_task
    WHERE task_id = ${p.id} AND action = 'task_pickup' AND agent = ${p.agent} LIMIT 1`,
);

function hasHeld(ctx: Context, task: TaskRow, agent: string): boolean {
  return ctx.db.first(pickups, { id: task.id, agent }) !== undefined;
}

/** The refusal of who acts on a task that is not theirs, or no longer; it names who has it now. */
export function lostClaim(ctx: Context, task: TaskRow, { agent }: By): CodepaktError {
  const id = taskId(task.id);
  const { status, assignee, claim } = task;
  const wasTheirs = agent === undefined || assignee === agent || hasHeld(ctx, task, agent);
  const isHeld = status === 'in-progress' && assignee !== null;
  const message = wasTheirs ? `your claim on ${id} is over` : `${id} is not yours`;
  return new CodepaktError('lost_claim', `${message}: it ${isNow(task)}; nothing was changed`, {
    hint: wasTheirs ? hintToLate(id, isHeld) : hintToStranger(task),
    details: { holder: isHeld ? assignee : null, status, claim },
  });
}

function isNow({ status, assignee, claim }: TaskRow): string {
  if (assignee === null) return `is ${status}`;
  return status === 'in-progress'
    ? `is claimed by ${assignee} (claim ${claim})`
    : `is ${status}, assigned to ${assignee}`;
}

function hintToLate(id: string, isHeld: boolean): string {
  return isHeld
    ? 'Stop working on it; `cpk task pickup` gives you another.'
    : `Look at it with \`cpk task show ${id}\`; if it is open, pick it up again.`;
}

function hintToStranger({ id, status, assignee }: TaskRow): string {
  return assignee === null || isResolved(status)
    ? `Look at it: cpk task show ${taskId(id)}`
    : `Leave it to ${assignee}; \`cpk task pickup\` gives you one of your own.`;
}
