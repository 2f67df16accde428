import {
  CodepaktError,
  type PickupRequest,
  type PickupResult,
  type PickupWhy,
  type TaskHead,
} from '@codepakt/contract';
import { type RawBuilder, sql } from 'kysely';
import { timestamp } from '../clock.ts';
import type { Context } from '../context.ts';
import { type Prepared, prepared, sqlBuilder } from '../database/database.ts';
import { raw } from '../database/raw.ts';
import type { TaskRow } from '../database/schema.ts';
import { taskId } from '../ids.ts';
import { changeTask } from './change-task.ts';
import { countTasks } from './count-tasks.ts';
import { newLease } from './leases.ts';
import { contextOf, findTask, readTask, taskRow } from './load-task.ts';
import { planStatus } from './status-rules.ts';
import { toList } from './task-row.ts';
import { touchesOverlap } from './touches.ts';

export type Pickup = PickupRequest & { agent: string };

/**
 * Claims the next task that is ready: the agent's own pre-assigned ones first, then by priority,
 * then by number. Nothing to take is an answer too, with the reasons counted.
 * @throws CodepaktError when `id` is given and that task can't be had
 */
export function pickUpTask(ctx: Context, request: Pickup): PickupResult {
  const holding = heldBy(ctx, request.agent);
  if (request.id !== undefined) {
    const task = findTask(ctx, request.id);
    refuseUnlessFree(ctx, task, request.agent);
    return claim(ctx, task, request, holding);
  }
  const tally: Tally = { seen: 0, filtered_out: 0, conflicting: 0, in_the_way: new Set() };
  const found = choose(ctx, request, tally);
  if (found !== undefined) return claim(ctx, taskRow(ctx, found), request, holding);
  return { task: null, context: [], holding, why: explain(ctx, request, tally) };
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

interface Tally {
  seen: number;
  filtered_out: number;
  conflicting: number;
  in_the_way: Set<number>;
}

type Candidate = Pick<TaskRow, 'id' | 'tags' | 'capabilities' | 'touches'>;

type Wanted = { agent: string; epic: string };

const assigned = prepared<Wanted, Candidate>((p) =>
  ready('tasks_ready', sql`assignee = ${p.agent}`),
);
const free = prepared<Wanted, Candidate>(() => ready('tasks_ready', sql`assignee IS NULL`));
const assignedOfEpic = prepared<Wanted, Candidate>((p) =>
  ready('tasks_ready_of_epic', sql`epic = ${p.epic} AND assignee = ${p.agent}`),
);
const freeOfEpic = prepared<Wanted, Candidate>((p) =>
  ready('tasks_ready_of_epic', sql`epic = ${p.epic} AND assignee IS NULL`),
);

/**
 * The open tasks in the order in which they are picked up. The index is named: left to itself,
 * SQLite takes one that also walks past every task that is meant for others.
 */
function ready(index: string, filter: RawBuilder<unknown>) {
  return raw<Candidate>`
    SELECT id, tags, capabilities, touches FROM tasks INDEXED BY ${sql.ref(index)}
    WHERE status = 'open' AND ${filter} ORDER BY priority, id`;
}

function choose(ctx: Context, request: Pickup, tally: Tally): number | undefined {
  const busy = request.avoid_conflicts === false ? [] : touchedByOthers(ctx, request.agent);
  const { agent, epic } = request;
  for (const query of epic === undefined ? [assigned, free] : [assignedOfEpic, freeOfEpic]) {
    for (const candidate of candidates(ctx, query, { agent, epic: epic ?? '' })) {
      tally.seen++;
      if (!fits(candidate, request)) tally.filtered_out++;
      else if (conflicts(candidate, busy, tally)) tally.conflicting++;
      else return candidate.id;
    }
  }
  return undefined;
}

/** Mostly the first one is taken, and a cursor costs many times what one row does. */
function* candidates(
  ctx: Context,
  query: Prepared<Wanted, Candidate>,
  wanted: Wanted,
): Generator<Candidate> {
  const first = ctx.db.first(query, wanted);
  if (first === undefined) return;
  yield first;
  for (const candidate of ctx.db.iterate(query, wanted)) {
    if (candidate.id !== first.id) yield candidate;
  }
}

function fits(candidate: Candidate, { tags, capabilities }: Pickup): boolean {
  if (tags !== undefined) {
    const has = toList(candidate.tags);
    if (!tags.every((tag) => has.includes(tag))) return false;
  }
  return (
    capabilities === undefined ||
    toList(candidate.capabilities).every((needed) => capabilities.includes(needed))
  );
}

interface Busy {
  id: number;
  touches: string[];
}

/** The index is named here too: otherwise SQLite reads every task in progress. */
const touching = prepared<object, Pick<TaskRow, 'id' | 'touches' | 'assignee'>>(
  () => raw<Pick<TaskRow, 'id' | 'touches' | 'assignee'>>`
    SELECT id, touches, assignee FROM tasks INDEXED BY tasks_touching
    WHERE status = 'in-progress' AND touches <> '[]'`,
);

function touchedByOthers(ctx: Context, agent: string): Busy[] {
  return ctx.db
    .all(touching, {})
    .filter(({ assignee }) => assignee !== agent)
    .map(({ id, touches }) => ({ id, touches: toList(touches) }));
}

function conflicts(candidate: Candidate, busy: readonly Busy[], tally: Tally): boolean {
  const touches = toList(candidate.touches);
  const inTheWay = busy.filter((other) => touchesOverlap(touches, other.touches));
  for (const { id } of inTheWay) tally.in_the_way.add(id);
  return inTheWay.length > 0;
}

/** At most this many tasks in the way are named. */
const MAX_NAMED = 10;

function explain(ctx: Context, request: Pickup, tally: Tally): PickupWhy {
  const counts = countTasks(ctx);
  const within = request.epic === undefined ? tally.seen : countWithin(ctx, request.agent);
  return {
    waiting: counts.backlog - counts.held,
    held: counts.held,
    blocked: counts.blocked,
    assigned_to_others: counts.open - within,
    filtered_out: tally.filtered_out + within - tally.seen,
    conflicting: tally.conflicting,
    in_the_way: [...tally.in_the_way].slice(0, MAX_NAMED).map(taskId),
    in_progress: counts['in-progress'],
  };
}

/** How many open tasks are this agent's or nobody's. */
function countWithin(ctx: Context, agent: string): number {
  const row = ctx.db.first(
    sqlBuilder
      .selectFrom('tasks')
      .select((e) => e.fn.countAll<number>().as('count'))
      .where('status', '=', sql.lit('open'))
      .where((e) => e.or([e('assignee', 'is', null), e('assignee', '=', agent)])),
  );
  return row?.count ?? 0;
}

/** An agent that has lost its memory begins with these. */
const MAX_HELD = 20;

type HeldRow = Pick<TaskRow, 'id' | 'title' | 'claim' | 'lease_expires_at'>;

const held = prepared<{ agent: string }, HeldRow>(
  (p) => raw<HeldRow>`
    SELECT id, title, claim, lease_expires_at FROM tasks INDEXED BY tasks_in_progress
    WHERE status = 'in-progress' AND assignee = ${p.agent} ORDER BY id LIMIT ${MAX_HELD}`,
);

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
