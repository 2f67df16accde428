import type { Event } from '../../packages/contract/src/index.ts';

/** One change of a task, as its event tells it. */
export interface Act {
  action: string;
  task: string;
  agent: string | null;
  /** The claim that was given, acted on, or ended by it. */
  claim: number;
  /** Whether somebody got the answer to it: set when the answers are compared. */
  heard: boolean;
}

export interface History {
  acts: Act[];
  /** How often each task was completed. */
  completions: Map<string, number>;
  /** By task and claim: the act that ended the claim. */
  endings: Map<string, Act>;
}

interface Present {
  status: string;
  depends_on: string[];
  claim: number;
  holder: string | undefined;
}

/** What only the holder of a claim may do. */
const ACTS_ON_A_CLAIM = ['task_complete', 'task_released', 'task_blocked'];
const RESOLVED = ['review', 'done', 'cancelled'];

export const claimKey = (task: string, claim: number) => `${task} claim ${claim}`;

/** Follows the events one by one; whatever must never happen goes to `faults`. */
export function followEvents(events: readonly Event[], faults: Set<string>): History {
  const history: History = { acts: [], completions: new Map(), endings: new Map() };
  const tasks = new Map<string, Present>();
  for (const event of events) {
    if (event.task_id === null) continue;
    const before = tasks.get(event.task_id) ?? blank();
    const after = step(before, event);
    tasks.set(event.task_id, after);
    const act = toAct(event, event.task_id, after.claim);
    history.acts.push(act);
    if (event.action === 'task_pickup') judgePickup(act, before, tasks, faults);
    else if (ACTS_ON_A_CLAIM.includes(event.action) && event.agent !== before.holder) {
      faults.add(
        `event ${event.id}: ${event.agent} did ${event.action} with ${act.task}, held by ${before.holder}`,
      );
    }
    if (before.holder !== undefined && after.holder === undefined) {
      history.endings.set(claimKey(act.task, before.claim), act);
    }
    if (event.action === 'task_complete') {
      history.completions.set(act.task, (history.completions.get(act.task) ?? 0) + 1);
    }
  }
  return history;
}

function judgePickup(
  { task, agent, claim }: Act,
  before: Present,
  tasks: ReadonlyMap<string, Present>,
  faults: Set<string>,
): void {
  if (before.holder !== undefined) {
    faults.add(`${task} had two owners: ${before.holder} and ${agent} (claim ${claim})`);
  }
  if (before.status !== 'open') faults.add(`${task} was picked up while ${before.status}`);
  if (claim <= before.claim) faults.add(`${task}: claim ${claim} came after claim ${before.claim}`);
  for (const on of before.depends_on) {
    if (RESOLVED.includes(tasks.get(on)?.status ?? '')) continue;
    faults.add(`${task} was picked up before ${on}, on which it depends, was finished`);
  }
}

function step(before: Present, { agent, detail }: Event): Present {
  const after = { ...before };
  const { status, claim, depends_on } = detail as Record<string, [unknown, unknown] | undefined>;
  if (status !== undefined) after.status = String(status[1]);
  if (claim !== undefined) after.claim = Number(claim[1]);
  if (depends_on !== undefined) after.depends_on = depends_on[1] as string[];
  if (after.status !== 'in-progress') after.holder = undefined;
  else if (claim !== undefined) after.holder = agent ?? undefined;
  return after;
}

function toAct({ action, agent }: Event, task: string, claim: number): Act {
  return { action, task, agent, claim, heard: false };
}

function blank(): Present {
  return { status: 'none', depends_on: [], claim: 0, holder: undefined };
}
