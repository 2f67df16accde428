import {
  CodepaktError,
  type PickupResult,
  type PickupWhy,
  type TaskHead,
} from '@codepakt/contract';
import { seeAgent } from '../agents/touch-agent.ts';
import { timestamp } from '../clock.ts';
import type { Context } from '../context.ts';
import { prepared } from '../database/database.ts';
import { raw } from '../database/raw.ts';
import type { TaskRow } from '../database/schema.ts';
import { taskId } from '../ids.ts';
import { changeTask } from './change-task.ts';
import { chooseTask, countConflicting, Judge, type Pickup } from './choose-task.ts';
import { countTasks } from './count-tasks.ts';
import { newLease, renewLeases } from './leases.ts';
import { contextOf, findTask, readTask } from './load-task.ts';
import { planStatus } from './status-rules.ts';

/**
 * Claims the next task that is ready: the agent's own pre-assigned ones first, then by priority,
 * then by number. Nothing to take is an answer too, with the reasons counted.
 * @throws CodepaktError when `id` is given and that task can't be had
 */
export function pickUpTask(ctx: Context, request: Pickup): PickupResult {
  const holding = seeHolder(ctx, request.agent);
  if (request.id !== undefined) {
    const task = findTask(ctx, request.id);
    refuseUnlessFree(ctx, task, request.agent);
    return claim(ctx, task, request, holding);
  }
  const judge = new Judge(ctx, request);
  const found = chooseTask(ctx, request, judge);
  if (found !== undefined) return claim(ctx, found, request, holding);
  return { task: null, context: [], holding, why: explain(ctx, request, judge) };
}

function claim(ctx: Context, task: TaskRow, request: Pickup, holding: TaskHead[]): PickupResult {
  const at = timestamp(ctx.clock);
  const lease = newLease(ctx, request.lease);
  const { row } = changeTask(ctx, task, {
    action: 'task_pickup',
    by: request,
    at,
    set: planStatus(task, { to: 'in-progress', at, assignee: request.agent, lease }),
    detail: { lease: lease?.seconds ?? 0 },
  });
  return { task: readTask(ctx, row), context: contextOf(ctx, row), holding };
}

function explain(ctx: Context, request: Pickup, judge: Judge): PickupWhy {
  const counts = countTasks(ctx);
  const assigned_to_others = ctx.db.first(countOfOthers, { agent: request.agent })?.count ?? 0;
  const { conflicting, inTheWay } = countConflicting(ctx, request, judge);
  return {
    waiting: counts.backlog - counts.held,
    held: counts.held,
    blocked: counts.blocked,
    assigned_to_others,
    // Nothing was found: what is neither somebody else's nor in conflict is not what was asked for.
    filtered_out: counts.open - assigned_to_others - conflicting,
    conflicting,
    in_the_way: inTheWay.map(taskId),
    in_progress: counts['in-progress'],
  };
}

const countOfOthers = prepared<{ agent: string }, { count: number }>(
  (p) => raw<{ count: number }>`
    SELECT count(*) AS count FROM tasks INDEXED BY tasks_ready
    WHERE status = 'open' AND assignee IS NOT NULL AND assignee <> ${p.agent}`,
);

/** An agent that has lost its memory begins with these. */
const MAX_HELD = 20;

type HeldRow = Pick<TaskRow, 'id' | 'title' | 'claim' | 'lease_expires_at'>;

const held = prepared<{ agent: string }, HeldRow>(
  (p) => raw<HeldRow>`
    SELECT id, title, claim, lease_expires_at FROM tasks INDEXED BY tasks_in_progress
    WHERE status = 'in-progress' AND assignee = ${p.agent} ORDER BY id LIMIT ${MAX_HELD}`,
);

/** Takes note of the agent's call, as every call of an agent's does; answers what it holds. */
function seeHolder(ctx: Context, agent: string): TaskHead[] {
  const isNews = seeAgent(ctx, agent);
  const holding = heldBy(ctx, agent);
  // Who holds nothing has no leases to renew.
  if (!isNews || holding.length === 0) return holding;
  renewLeases(ctx, agent);
  return heldBy(ctx, agent);
}

/** What an agent has in progress, the oldest first; not more of it than helps. */
function heldBy(ctx: Context, agent: string): TaskHead[] {
  return ctx.db.all(held, { agent }).map((row) => ({ ...row, id: taskId(row.id) }));
}

/** @throws CodepaktError naming why this task can't be had */
export function refuseUnlessFree(ctx: Context, task: TaskRow, agent: string): void {
  const id = taskId(task.id);
  if (task.status === 'in-progress') {
    throw new CodepaktError(
      'already_taken',
      `${id} is claimed by ${task.assignee ?? 'nobody by name'}`,
      {
        hint:
          task.assignee === agent
            ? 'You hold it already: go on with it.'
            : '`cpk task pickup` without --id gives you another.',
        details: {
          holder: task.assignee,
          claim: task.claim,
          lease_expires_at: task.lease_expires_at,
        },
      },
    );
  }
  if (task.status !== 'open')
    throw new CodepaktError('wrong_status', whyNotOpen(ctx, task), {
      hint: '`cpk task pickup` without --id gives you one that is ready.',
      details: { status: task.status },
    });
  if (task.assignee !== null && task.assignee !== agent) {
    throw new CodepaktError('already_taken', `${id} is meant for ${task.assignee}`, {
      hint: `A person can change that: cpk task update ${id} --assignee ${agent}`,
      details: { assignee: task.assignee },
    });
  }
}

function whyNotOpen(ctx: Context, task: TaskRow): string {
  const id = taskId(task.id);
  if (task.status === 'blocked')
    return `${id} is blocked: ${task.blocker_reason ?? 'no reason given'}`;
  if (task.status !== 'backlog') return `${id} is ${task.status}`;
  if (task.hold === 1) return `${id} is put aside (hold)`;
  return `${id} waits for ${readTask(ctx, task).waits_for.join(', ')}`;
}
