import { type DocType, PRIORITIES, type Status } from '@codepakt/contract';
import type { DocRow, TaskRow } from '../database/schema.ts';
import type { NewEventRow } from '../events/insert-event.ts';
import { docId, taskId } from '../ids.ts';
import { isResolved } from '../tasks/load-task.ts';
import {
  type DroppedDependency,
  keepDependencies,
  type NamedDependency,
} from './legacy-dependencies.ts';
import { listOf, nameOf, objectOf, textOf, timeOf } from './legacy-values.ts';
import type { LegacyBoard, LegacyRow } from './read-legacy-board.ts';

/** An old board as rows of ours. */
export interface ConvertedBoard {
  tasks: Omit<TaskRow, 'deps_met'>[];
  dependencies: { task_id: number; depends_on: number }[];
  notes: { task_id: number; agent: null; body: string; created_at: string }[];
  agents: { name: string; last_seen: string }[];
  docs: DocRow[];
  events: NewEventRow[];
  dropped: DroppedDependency[];
  /** Tasks that could not keep their number, because another of the file had it. */
  renumbered: { was: string; project_id: string; is: string }[];
}

/** What an old board comes to; `now` stands where an old row has no time. */
export function convertLegacyBoard(old: LegacyBoard, now: string): ConvertedBoard {
  const numbered = numberTasks(old.tasks);
  const { kept, dropped } = keepDependencies(wantedDependencies(numbered));
  const docs = old.docs.map((row, index) => toDoc(row, index + 1, now));
  const docIds = new Map(docs.map(({ id, legacy_id }) => [legacy_id, docId(id)]));
  const numberOfTask = new Map(numbered.map(({ row, number }) => [textOf(row, 'id'), number]));
  const acts = actsOf(old.events);
  const droppedOf = new Set(dropped.map(({ task }) => task));
  const statuses = new Map(numbered.map(({ row, number }) => [number, statusOf(row)]));
  const tasks = numbered.map(({ row, number }) => {
    const dependencies = kept.get(number) ?? [];
    const unmet = dependencies.filter((on) => !isResolved(statuses.get(on) ?? '')).length;
    const wasWaiting = row.deps_met === 0 && !droppedOf.has(number);
    return {
      ...toTask(row, number, docIds, now),
      ...placeOf(statusOf(row), unmet, wasWaiting),
      ...claimOf(row, acts.get(textOf(row, 'id') ?? '')),
      unmet,
    };
  });
  return {
    tasks,
    dependencies: [...kept].flatMap(([task_id, all]) =>
      all.map((depends_on) => ({ task_id, depends_on })),
    ),
    notes: tasks.flatMap(({ id, updated_at }, index) =>
      notesOf(numbered[index]?.row ?? {}).map((body) => ({
        task_id: id,
        agent: null,
        body,
        created_at: updated_at,
      })),
    ),
    agents: toAgents(old.agents, now),
    docs,
    events: old.events.map((row) => toEvent(row, numberOfTask, now)),
    dropped,
    renumbered: numbered
      .filter(({ row, number }) => textOf(row, 'task_number') !== taskId(number))
      .map(({ row, number }) => ({
        was: textOf(row, 'task_number') ?? '',
        project_id: textOf(row, 'project_id') ?? '',
        is: taskId(number),
      })),
  };
}

interface NumberedTask {
  row: LegacyRow;
  number: number;
}

/** `T-001` is 1. A file may hold several projects: whose number is taken gets one at the end. */
function numberTasks(rows: readonly LegacyRow[]): NumberedTask[] {
  const taken = new Set<number>();
  const numbered = rows.map((row) => {
    const number = Number(/^T-(\d{1,15})$/.exec(textOf(row, 'task_number') ?? '')?.[1] ?? 0);
    const isFree = number > 0 && !taken.has(number);
    if (isFree) taken.add(number);
    return { row, number: isFree ? number : 0 };
  });
  let last = Math.max(0, ...taken);
  for (const task of numbered) {
    if (task.number === 0) task.number = ++last;
  }
  return numbered.sort((a, b) => a.number - b.number);
}

/** A dependency names a number within the same project. */
function wantedDependencies(tasks: readonly NumberedTask[]): Map<number, NamedDependency[]> {
  const name = (row: LegacyRow, number: string | null) =>
    JSON.stringify([textOf(row, 'project_id'), number]);
  const numbers = new Map(
    tasks.map(({ row, number }) => [name(row, textOf(row, 'task_number')), number]),
  );
  return new Map(
    tasks.map(({ row, number }) => [
      number,
      listOf(row, 'depends_on').map((on) => ({ name: on, number: numbers.get(name(row, on)) })),
    ]),
  );
}

function statusOf(row: LegacyRow): Status {
  const known: readonly string[] = ['backlog', 'open', 'in-progress', 'review', 'blocked', 'done'];
  const status = textOf(row, 'status') ?? '';
  return known.includes(status) ? (status as Status) : 'backlog';
}

/**
 * Old `backlog` meant two things: waiting for dependencies, or put aside. What waited and can go
 * on now is open; the rest stays put aside. Old `open` was not always free of dependencies.
 */
function placeOf(
  status: Status,
  unmet: number,
  wasWaiting: boolean,
): Pick<TaskRow, 'status' | 'hold'> {
  if (status !== 'backlog' && status !== 'open') return { status, hold: 0 };
  if (unmet > 0) return { status: 'backlog', hold: 0 };
  if (status === 'open' || wasWaiting) return { status: 'open', hold: 0 };
  return { status: 'backlog', hold: 1 };
}

/** What the old log tells of a task that its row does not. */
interface Acts {
  pickups: number;
  completed_by: string | null;
  reviewed_by: string | null;
}

function actsOf(events: readonly LegacyRow[]): Map<string, Acts> {
  const acts = new Map<string, Acts>();
  for (const row of events) {
    const task = textOf(row, 'task_id');
    if (task === null) continue;
    const known = acts.get(task) ?? { pickups: 0, completed_by: null, reviewed_by: null };
    const action = actionOf(row);
    const agent = nameOf(row, 'agent');
    if (action === 'task_pickup') known.pickups++;
    if (action === 'task_complete') known.completed_by = agent;
    if (action === 'task_approved') known.reviewed_by = agent;
    acts.set(task, known);
  }
  return acts;
}

function claimOf(
  row: LegacyRow,
  acts: Acts | undefined,
): Pick<TaskRow, 'claim' | 'completed_by' | 'reviewed_by'> {
  const status = statusOf(row);
  const pickups = acts?.pickups ?? 0;
  const isFinished = status === 'review' || status === 'done';
  return {
    claim: status === 'in-progress' ? Math.max(1, pickups) : pickups,
    completed_by: isFinished ? (acts?.completed_by ?? null) : null,
    reviewed_by: status === 'done' ? (acts?.reviewed_by ?? null) : null,
  };
}

/** The rest of a task: what its status does not decide. */
function toTask(
  row: LegacyRow,
  id: number,
  docIds: ReadonlyMap<string | null, string>,
  now: string,
) {
  const created_at = timeOf(row, 'created_at') ?? now;
  const priority = (PRIORITIES as readonly string[]).indexOf(textOf(row, 'priority') ?? '');
  return {
    id,
    legacy_id: textOf(row, 'id'),
    title: nameOf(row, 'title') ?? '(untitled)',
    description: textOf(row, 'description'),
    priority: priority === -1 ? 1 : priority,
    assignee: nameOf(row, 'assignee'),
    epic: nameOf(row, 'epic'),
    tags: JSON.stringify(listOf(row, 'tags')),
    capabilities: JSON.stringify(listOf(row, 'capabilities')),
    touches: '[]',
    lease_seconds: null,
    lease_expires_at: null,
    expiries: 0,
    version: 1,
    created_at,
    updated_at: timeOf(row, 'updated_at') ?? created_at,
    started_at: timeOf(row, 'started_at'),
    completed_at: timeOf(row, 'completed_at'),
    blocker_reason: textOf(row, 'blocker_reason'),
    verify: textOf(row, 'verify'),
    acceptance_criteria: JSON.stringify(listOf(row, 'acceptance_criteria')),
    context_refs: JSON.stringify(listOf(row, 'context_refs').map((ref) => docIds.get(ref) ?? ref)),
  };
}

function notesOf(row: LegacyRow): string[] {
  return listOf(row, 'notes').filter((body) => body !== '');
}

/** An agent is known by its name alone: of several projects' rows the one seen last counts. */
function toAgents(rows: readonly LegacyRow[], now: string): ConvertedBoard['agents'] {
  const seen = new Map<string, string>();
  for (const row of rows) {
    const name = nameOf(row, 'name');
    const last_seen = timeOf(row, 'last_seen') ?? timeOf(row, 'created_at') ?? now;
    if (name !== null && last_seen > (seen.get(name) ?? '')) seen.set(name, last_seen);
  }
  return [...seen].map(([name, last_seen]) => ({ name, last_seen }));
}

function toDoc(row: LegacyRow, id: number, now: string): DocRow {
  const types: readonly string[] = ['operational', 'decision', 'reference', 'learning'];
  const type = textOf(row, 'type') ?? '';
  const created_at = timeOf(row, 'created_at') ?? now;
  return {
    id,
    legacy_id: textOf(row, 'id'),
    type: types.includes(type) ? (type as DocType) : 'reference',
    title: nameOf(row, 'title') ?? '(untitled)',
    body: textOf(row, 'body') ?? '',
    section: textOf(row, 'section'),
    tags: JSON.stringify(listOf(row, 'tags')),
    author: nameOf(row, 'author'),
    version: 1,
    created_at,
    updated_at: timeOf(row, 'updated_at') ?? created_at,
  };
}

function toEvent(
  row: LegacyRow,
  numberOfTask: ReadonlyMap<string | null, number>,
  now: string,
): NewEventRow {
  const legacy_task = textOf(row, 'task_id');
  const task_id = legacy_task === null ? null : (numberOfTask.get(legacy_task) ?? null);
  const detail = objectOf(row, 'detail');
  // Of a task that is no longer in the file.
  if (legacy_task !== null && task_id === null) detail.legacy_task_id = legacy_task;
  return {
    id: null,
    task_id,
    doc_id: null,
    agent: nameOf(row, 'agent'),
    action: actionOf(row),
    version: null,
    detail: JSON.stringify(detail),
    created_at: timeOf(row, 'created_at') ?? now,
  };
}

/** The oldest builds called it `task_done`; actions that we don't know stay as they are. */
function actionOf(row: LegacyRow): string {
  const action = textOf(row, 'action') ?? '';
  return action === 'task_done' ? 'task_complete' : action;
}
