import { CodepaktError, HUMAN, type TaskPatch, type TaskResult } from '@codepakt/contract';
import { timestamp } from '../clock.ts';
import type { By, Context } from '../context.ts';
import type { TaskRow } from '../database/schema.ts';
import type { Changes } from '../events/append-event.ts';
import { refuseStale } from '../events/refuse-stale.ts';
import { taskId } from '../ids.ts';
import { changeTask, type TaskColumns } from './change-task.ts';
import { requireDocs } from './context-refs.ts';
import {
  checkDependencies,
  dependenciesOf,
  planUnmet,
  replaceDependencies,
  unknownDependency,
} from './dependencies.ts';
import { guards, lostClaim } from './guards.ts';
import { newLease } from './leases.ts';
import { findTask, readTask, taskNumber } from './load-task.ts';
import { refuseUnlessFree } from './pick-up-task.ts';
import { actionWithEffect, EVENT_OF, planStatus, type TaskAction } from './status-rules.ts';
import { toResult, unchanged, whyItWaits } from './task-result.ts';
import { fromList, toList, toRank } from './task-row.ts';

export interface UpdateOptions extends By {
  /** Refuse when a field of the patch was changed after this version. */
  if_match?: number | undefined;
}

/**
 * Changes any field; null clears one. A status set here passes the guard of the action that has
 * the same effect, so that drag and drop follows the same rules and is told in the same events.
 * @throws CodepaktError `stale_version`, `lost_claim`, `wrong_status`, `unknown_dependency` …
 */
export function updateTask(
  ctx: Context,
  ref: string,
  patch: TaskPatch,
  options: UpdateOptions,
): TaskResult {
  const task = findTask(ctx, ref);
  if (options.if_match !== undefined && options.if_match < task.version) {
    refuseStale(ctx, { task: task.id }, patch, options.if_match, readTask(ctx, task));
  }
  refuseContradiction(patch);
  const action = judge(ctx, task, patch, options);
  requireDocs(ctx, patch.context_refs, toList(task.context_refs));
  const at = timestamp(ctx.clock);
  const { set: linked, changes } = planDependencies(ctx, task, patch, at);
  const withLinks: TaskRow = { ...task, ...plainColumns(patch), ...linked };
  const set = {
    ...plainColumns(patch),
    ...linked,
    ...planHold(withLinks, patch, at),
    ...planAssignee(ctx, withLinks, patch.assignee),
    ...planStatusByHand(ctx, withLinks, patch, options, at),
    ...planReason(task, patch),
  };
  if (isNothing(task, set, changes)) {
    const why = patch.status === 'open' || patch.hold === false ? whyItWaits(ctx, task) : null;
    return unchanged(ctx, task, why ?? 'nothing to change');
  }
  const changed = changeTask(ctx, task, {
    action: action === undefined ? 'task_updated' : EVENT_OF[action],
    by: options,
    at,
    set,
    changes,
    detail: patch.reason === undefined ? {} : { reason: patch.reason },
  });
  return toResult(ctx, changed);
}

/** Only what is in the backlog is put aside. */
function refuseContradiction({ status, hold }: TaskPatch): void {
  if (status === undefined || hold === undefined || hold === (status === 'backlog')) return;
  const message = `is ${hold}, but status is ${status}`;
  throw new CodepaktError('invalid_input', `hold ${message}`, {
    errors: [{ path: '/hold', message }],
    hint: 'Status backlog puts a task aside, any other status takes that back: leave hold out.',
  });
}

/** Whether the caller may do this; answers the action that the change of status amounts to. */
function judge(
  ctx: Context,
  task: TaskRow,
  patch: TaskPatch,
  { agent }: UpdateOptions,
): TaskAction | undefined {
  const isClaimed = task.status === 'in-progress';
  if (patch.claim !== undefined && (!isClaimed || patch.claim !== task.claim)) {
    throw lostClaim(ctx, task, { agent });
  }
  const reassigns = patch.assignee !== undefined && patch.assignee !== task.assignee;
  if (agent !== undefined && isClaimed && task.assignee !== agent && reassigns)
    throw lostClaim(ctx, task, { agent });
  if (agent !== undefined && isClaimed && patch.assignee === null) refuseToLeave(task, patch);
  const isHeld = patch.hold === true || patch.status === 'backlog';
  if (agent !== undefined && isHeld) refuseHold(ctx, task, agent);
  if (patch.status === undefined || patch.status === task.status) return undefined;
  const action = actionWithEffect(task.status, patch.status);
  if (agent === undefined) return action === 'pickup' ? undefined : action;
  if (action === undefined) {
    throw new CodepaktError(
      'wrong_status',
      `${taskId(task.id)} is ${task.status}; only a person may make it ${patch.status}`,
      { details: { status: task.status } },
    );
  }
  if (action === 'pickup') refuseUnlessFree(ctx, task, agent);
  else {
    const reason = patch.reason ?? patch.blocker_reason ?? undefined;
    guards[action](ctx, task, { agent, claim: patch.claim, reason });
  }
  return action;
}

function refuseHold(ctx: Context, task: TaskRow, agent: string): void {
  if (task.assignee !== null && task.assignee !== agent) throw lostClaim(ctx, task, { agent });
}

/** Held by nobody it would stay in progress for ever: no lease of it could run out. */
function refuseToLeave(task: TaskRow, { status = task.status }: TaskPatch): void {
  if (status !== 'in-progress') return;
  const id = taskId(task.id);
  throw new CodepaktError('wrong_status', `${id} is in-progress and would be nobody's`, {
    hint: `Give it back: cpk task release ${id}`,
    details: { status: task.status, assignee: task.assignee },
  });
}

/** Fields that are columns as they stand. */
function plainColumns(patch: TaskPatch): Partial<TaskColumns> {
  const set: Partial<TaskColumns> = {};
  if (patch.title !== undefined) set.title = patch.title;
  if (patch.description !== undefined) set.description = patch.description;
  if (patch.priority !== undefined) set.priority = toRank(patch.priority);
  if (patch.epic !== undefined) set.epic = patch.epic;
  if (patch.tags !== undefined) set.tags = fromList(patch.tags);
  if (patch.capabilities !== undefined) set.capabilities = fromList(patch.capabilities);
  if (patch.touches !== undefined) set.touches = fromList(patch.touches);
  if (patch.verify !== undefined) set.verify = patch.verify;
  if (patch.acceptance_criteria !== undefined) {
    set.acceptance_criteria = fromList(patch.acceptance_criteria);
  }
  if (patch.context_refs !== undefined) set.context_refs = fromList(patch.context_refs);
  return set;
}

function planDependencies(
  ctx: Context,
  task: TaskRow,
  patch: TaskPatch,
  at: string,
): { set: Partial<TaskRow>; changes: Changes } {
  if (patch.depends_on === undefined) return { set: {}, changes: {} };
  const before = dependenciesOf(ctx, task.id);
  const numbers = patch.depends_on.map((ref) => {
    const number = taskNumber(ctx, ref);
    if (number === undefined) throw unknownDependency(ref);
    return number;
  });
  const after = [...new Set(numbers)].sort((a, b) => a - b);
  if (before.join() === after.join()) return { set: {}, changes: {} };
  checkDependencies(ctx, task.id, after);
  const unmet = replaceDependencies(ctx, task.id, after);
  return {
    set: planUnmet(task, unmet, at),
    changes: { depends_on: [before.map(taskId), after.map(taskId)] },
  };
}

/** A hold puts what is open into the backlog; taken off, what is ready opens. */
function planHold(task: TaskRow, patch: TaskPatch, at: string): Partial<TaskColumns> {
  if (patch.hold === undefined || patch.status !== undefined) return {};
  if (patch.hold === (task.hold === 1)) return {};
  if (task.status !== 'open' && task.status !== 'backlog') {
    throw new CodepaktError(
      'wrong_status',
      `${taskId(task.id)} is ${task.status}; only what is open or in the backlog can be held`,
      {
        hint: `cpk task update ${taskId(task.id)} --status backlog`,
        details: { status: task.status },
      },
    );
  }
  return planStatus(task, { to: patch.hold ? 'backlog' : 'open', at });
}

/** Whoever gets a task in progress from a person's hand gets a claim and a lease of their own. */
export function planAssignee(
  ctx: Context,
  task: TaskRow,
  assignee: string | null | undefined,
): Partial<TaskColumns> {
  if (assignee === undefined || assignee === task.assignee) return {};
  if (task.status !== 'in-progress') return { assignee };
  const lease = assignee === null ? undefined : newLease(ctx);
  return {
    assignee,
    claim: task.claim + 1,
    lease_seconds: lease?.seconds ?? null,
    lease_expires_at: lease?.expires_at ?? null,
  };
}

function planStatusByHand(
  ctx: Context,
  task: TaskRow,
  patch: TaskPatch,
  { agent }: UpdateOptions,
  at: string,
): Partial<TaskColumns> {
  if (patch.status === undefined) return {};
  if (patch.status === task.status && patch.status !== 'backlog') return {};
  const reason = patch.blocker_reason ?? patch.reason;
  const isClaim = patch.status === 'in-progress';
  // An agent that sends a task back from review does not take it away from who did it.
  const claimant = isClaim && agent !== undefined ? (task.assignee ?? agent) : undefined;
  const assignee = patch.assignee ?? claimant;
  return planStatus(task, {
    to: patch.status,
    at,
    reason,
    ...(patch.assignee === null ? { assignee: null } : assignee === undefined ? {} : { assignee }),
    // Set by hand it lasts until a hand ends it; an agent's own claim must be able to run out.
    lease: isClaim && agent !== undefined ? newLease(ctx) : undefined,
    // Taken back from done it is still the work of whoever did it, who may not approve it.
    ...(patch.status === 'review' && task.completed_by === null
      ? { completed_by: agent ?? HUMAN }
      : {}),
    ...(patch.status === 'done' ? { reviewed_by: agent ?? HUMAN } : {}),
  });
}

function planReason(task: TaskRow, patch: TaskPatch): Partial<TaskColumns> {
  if (patch.blocker_reason === undefined) return {};
  const isBlocked = (patch.status ?? task.status) === 'blocked';
  if (isBlocked) return { blocker_reason: patch.blocker_reason };
  if (patch.blocker_reason === null) return {};
  throw new CodepaktError(
    'wrong_status',
    `${taskId(task.id)} is ${task.status}; only a blocked task has a blocker_reason`,
    { hint: `cpk task block ${taskId(task.id)} --reason "…"`, details: { status: task.status } },
  );
}

function isNothing(task: TaskRow, set: Partial<TaskColumns>, changes: Changes): boolean {
  if (Object.keys(changes).length > 0) return false;
  return Object.entries(set).every(([column, value]) => task[column as keyof TaskRow] === value);
}
