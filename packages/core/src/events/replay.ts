import type { Event, Task, TaskDetail, TaskNote } from '@codepakt/contract';

/** What leases and other tables say moves without events; the rest of a task its events explain. */
const UNTOLD = [
  'waits_for',
  'lease_expires_at',
  'lease_expired',
  'legacy_id',
  'dependents',
  'context',
  'verification',
] as const;

export type ReplayedTask = Omit<Task, (typeof UNTOLD)[number]>;

const BLANK = {
  description: null,
  status: 'backlog',
  hold: false,
  priority: 'P1',
  assignee: null,
  epic: null,
  tags: [],
  capabilities: [],
  touches: [],
  depends_on: [],
  deps_met: true,
  verify: null,
  acceptance_criteria: [],
  context_refs: [],
  blocker_reason: null,
  claim: 0,
  expiries: 0,
  completed_by: null,
  reviewed_by: null,
  started_at: null,
  completed_at: null,
} as const;

/** The state of every task as its events tell it, oldest event first. Knows nothing of core's rules. */
export function replayTasks(events: Iterable<Event>): Map<string, ReplayedTask> {
  const tasks = new Map<string, ReplayedTask>();
  for (const event of events) {
    if (event.action === 'board_imported') {
      for (const task of importedTasks(event)) tasks.set(task.id, toReplayed(task));
    } else if (event.task_id !== null) {
      tasks.set(event.task_id, step(tasks.get(event.task_id), event, event.task_id));
    }
  }
  return tasks;
}

/** The part of a task that its events explain. */
export function toReplayed(task: Task | TaskDetail): ReplayedTask {
  const rest: Record<string, unknown> = { ...task };
  for (const field of UNTOLD) delete rest[field];
  return rest as unknown as ReplayedTask;
}

function importedTasks(event: Event): Task[] {
  return (event.detail.tasks ?? []) as Task[];
}

function step(before: ReplayedTask | undefined, event: Event, id: string): ReplayedTask {
  const task: Record<string, unknown> =
    before === undefined
      ? { id, ...BLANK, notes: [], created_at: event.created_at }
      : { ...before };
  for (const [field, value] of Object.entries(event.detail)) {
    if (isTaskField(field)) task[field] = (value as unknown[])[1];
  }
  task.notes = notesAfter(task.notes as TaskNote[], event);
  task.version = event.version;
  task.updated_at = event.created_at;
  return task as unknown as ReplayedTask;
}

/** Whether an event's `detail` tells under this name how a field of the task has changed. */
export function isTaskField(name: string): boolean {
  return name in BLANK || name === 'title';
}

function notesAfter(notes: TaskNote[], event: Event): TaskNote[] {
  const { note, restored_note, removed_note } = event.detail;
  if (typeof note === 'string') {
    return [...notes, { agent: event.agent, body: note, created_at: event.created_at }];
  }
  if (restored_note !== undefined) return [...notes, restored_note as TaskNote];
  if (removed_note === undefined) return notes;
  const text = JSON.stringify(removed_note);
  const at = notes.findLastIndex((kept) => JSON.stringify(kept) === text);
  return notes.filter((_, index) => index !== at);
}
