import { isDeepStrictEqual } from 'node:util';
import type { Event } from '../../packages/contract/src/index.ts';
import { openDatabaseFile, type Project } from '../../packages/core/src/index.ts';
import { replayTasks, toReplayed } from '../../packages/core/src/testing/index.ts';
import type { Answered, Asked, Entry, Verb } from './journal.ts';
import { readJournals } from './journal.ts';
import { unsoundness } from './soundness.ts';
import { type Act, claimKey, followEvents, type History } from './storm-history.ts';

/** What happened in a storm, counted. */
export interface StormFigures {
  tasks: number;
  events: number;
  calls: number;
  pickups: number;
  blocks: number;
  releases: number;
  approvals: number;
  agents_killed: number;
  /** Calls of `cpk` killed in the middle. */
  calls_cut_off: number;
  /** Calls sent again under their key after their answer was lost. */
  retries: number;
  /** Claims that an agent found again which had lost the answer. */
  adopted: number;
  leases_expired: number;
  /** Tasks that three expiries parked for a person. */
  parked: number;
  /** Late writers that were refused. */
  refused: number;
  /** Changes that took effect though nobody got the answer. */
  unheard: number;
}

/** Holds what every process was told against what the board says happened. */
export function checkStorm(
  file: string,
  journals: string,
): { figures: StormFigures; faults: string[] } {
  const faults = new Set(unsoundness(file));
  using project = openDatabaseFile(file);
  const events = project.events.after(0, {}, Number.MAX_SAFE_INTEGER);
  const history = followEvents(events, faults);
  const entries = readJournals(journals);
  const calls = toCalls(entries);
  checkBoard(project, events, history, faults);
  checkAnswers(calls, history, faults);
  return { figures: count(project, events, history, entries, calls), faults: [...faults] };
}

/** Every task is finished, was completed once, and is what its events make of it. */
function checkBoard(
  project: Project,
  events: readonly Event[],
  { completions }: History,
  faults: Set<string>,
): void {
  const replayed = replayTasks(events);
  const { total } = project.board.status();
  if (total !== replayed.size) faults.add(`${total} tasks, but ${replayed.size} in the events`);
  for (const [id, told] of replayed) {
    const task = project.tasks.get(id);
    if (!isDeepStrictEqual(toReplayed(task), told)) faults.add(`${id} is not what its events tell`);
    if (task.status !== 'review' && task.status !== 'done') faults.add(`${id} is ${task.status}`);
    const times = completions.get(id) ?? 0;
    if (times !== 1) faults.add(`${id} was completed ${times} times`);
  }
}

interface Call extends Asked {
  answer: Answered | undefined;
}

function toCalls(entries: readonly Entry[]): Call[] {
  const calls = new Map<string, Call>();
  for (const entry of entries) {
    if (entry.kind === 'asked')
      calls.set(`${entry.by} ${entry.call}`, { ...entry, answer: undefined });
    if (entry.kind !== 'answered') continue;
    const call = calls.get(`${entry.by} ${entry.call}`);
    if (call !== undefined) call.answer = entry;
  }
  return [...calls.values()];
}

const ACTION_OF: Partial<Record<Verb, string>> = {
  pickup: 'task_pickup',
  note: 'task_noted',
  done: 'task_complete',
  block: 'task_blocked',
  release: 'task_released',
  unblock: 'task_unblocked',
  approve: 'task_approved',
};

const FOUND_NOTHING = 5;
const CONFLICT = 4;

/**
 * Every acknowledged change is in the events, once; what is there without an acknowledgement
 * belongs to a call that was cut off; and nobody was refused without a reason.
 */
function checkAnswers(calls: readonly Call[], history: History, faults: Set<string>): void {
  for (const call of calls)
    if (call.answer?.code === 0) findAct(call, call.answer, history, faults);
  for (const call of calls) {
    if (call.answer !== undefined && call.answer.code !== 0)
      judgeRefusal(call, call.answer, history, faults);
  }
  const cutOff = new Map<string, number>();
  const add = (by: string, action: string, change: number) =>
    cutOff.set(`${by} ${action}`, (cutOff.get(`${by} ${action}`) ?? 0) + change);
  for (const { by, verb, answer } of calls)
    if (answer === undefined) add(actorOf(by), ACTION_OF[verb] ?? verb, 1);
  for (const { heard, agent, action } of history.acts) {
    if (!heard && agent !== null && TOLD.has(action)) add(agent, action, -1);
  }
  for (const [what, left] of cutOff) {
    if (left < 0) faults.add(`${-left} changes that nobody asked for: ${what}`);
  }
}

const TOLD = new Set(Object.values(ACTION_OF));
const actorOf = (by: string) => (by === 'person' ? 'human' : by);

/** Finds the event of an acknowledged change, and takes it as heard. */
function findAct(call: Call, { answer }: Answered, history: History, faults: Set<string>): void {
  const action = ACTION_OF[call.verb];
  if (action === undefined) return;
  const on = call.verb === 'pickup' ? pickedUp(answer) : call.on;
  const act = history.acts.find(
    (act) =>
      !act.heard &&
      act.action === action &&
      act.agent === actorOf(call.by) &&
      act.task === on?.task &&
      (act.claim === on.claim || !IS_FENCED.has(call.verb)),
  );
  if (act === undefined) faults.add(`acknowledged, but not in the events: ${describe(call)}`);
  else act.heard = true;
}

/** Anybody may add a note, and a person's acts are on no claim. */
const IS_FENCED = new Set<Verb>(['pickup', 'done', 'block', 'release']);

function pickedUp(answer: unknown): { task: string; claim: number } | undefined {
  const { task } = answer as { task: { id: string; claim: number } | null };
  return task === null ? undefined : { task: task.id, claim: task.claim };
}

/** Refused may be who lost the claim: to time, or to a call of its own that was cut off before. */
function judgeRefusal(call: Call, answer: Answered, history: History, faults: Set<string>): void {
  const { verb, by, on } = call;
  if (verb === 'pickup' && answer.code === FOUND_NOTHING) return;
  const isLate = answer.code === CONFLICT && on !== undefined;
  const ending = on === undefined ? undefined : history.endings.get(claimKey(on.task, on.claim));
  const isLost = ending !== undefined && (ending.action === 'lease_expired' || !ending.heard);
  const isDone = history.acts.some(
    ({ heard, action, task, agent }) =>
      !heard && action === ACTION_OF[verb] && task === on?.task && agent === actorOf(by),
  );
  if (isLate && (isLost || isDone)) return;
  faults.add(
    `refused without a reason: ${describe(call)} with ${JSON.stringify(answer.error)}, exit ${answer.code}`,
  );
}

function describe({ by, call, verb, on }: Call): string {
  return `call ${call} of ${by}, ${verb}${on === undefined ? '' : ` ${claimKey(on.task, on.claim)}`}`;
}

function count(
  project: Project,
  events: readonly Event[],
  { acts }: History,
  entries: readonly Entry[],
  calls: readonly Call[],
): StormFigures {
  const kinds = (kind: Entry['kind']) => entries.filter((entry) => entry.kind === kind).length;
  const actions = (action: string) => events.filter((event) => event.action === action).length;
  return {
    tasks: project.board.status().total,
    events: events.length,
    calls: calls.length,
    pickups: actions('task_pickup'),
    blocks: actions('task_blocked'),
    releases: actions('task_released'),
    approvals: actions('task_approved'),
    agents_killed: kinds('died'),
    calls_cut_off: kinds('cut off'),
    retries: kinds('retried'),
    adopted: kinds('adopted'),
    leases_expired: actions('lease_expired'),
    parked: events.filter(isParking).length,
    refused: calls.filter(({ answer }) => answer?.code === CONFLICT).length,
    unheard: acts.filter((act: Act) => !act.heard && act.agent !== null && TOLD.has(act.action))
      .length,
  };
}

function isParking({ action, detail }: Event): boolean {
  return action === 'lease_expired' && (detail.status as unknown[] | undefined)?.[1] === 'blocked';
}
