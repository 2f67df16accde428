import * as Type from 'typebox';
import { TASK_FIELDS } from './task-fields.ts';
import { closed, label, list, nullable, oneOf, Timestamp, text } from './text.ts';
import { LIMITS, PRIORITIES, STATUSES } from './vocabulary.ts';

export const TaskId = Type.String({
  pattern: '^T-\\d{3,}$',
  description: 'T-001; T-1000 after T-999',
});

/** A task as people name it: `T-001`, `T-1`, or the UUID it had on an older board. */
export const TaskRef = label(LIMITS.label, 'T-001');

export const TaskNote = Type.Object({
  agent: nullable(Type.String()),
  body: Type.String(),
  created_at: Timestamp,
});
export type TaskNote = Type.Static<typeof TaskNote>;

export const Task = Type.Object({
  id: TaskId,
  title: Type.String(),
  description: nullable(Type.String()),
  status: oneOf(STATUSES),
  hold: Type.Boolean({ description: 'put aside on purpose: dependencies do not open it' }),
  priority: oneOf(PRIORITIES),
  assignee: nullable(Type.String()),
  epic: nullable(Type.String()),
  tags: Type.Array(Type.String()),
  capabilities: Type.Array(Type.String()),
  touches: Type.Array(Type.String(), { description: 'path globs that the task will edit' }),
  depends_on: Type.Array(TaskId),
  deps_met: Type.Boolean(),
  waits_for: Type.Array(TaskId, { description: 'the dependencies that are not met yet' }),
  verify: nullable(Type.String()),
  acceptance_criteria: Type.Array(Type.String()),
  context_refs: Type.Array(Type.String(), { description: 'ids of docs' }),
  notes: Type.Array(TaskNote),
  blocker_reason: nullable(Type.String()),
  claim: Type.Integer({ description: 'grows with every pickup: the fencing token' }),
  lease_expires_at: nullable(Timestamp),
  lease_expired: Type.Boolean({ description: 'in progress, but its lease has run out' }),
  expiries: Type.Integer({ description: 'leases run out since the last done or act of a person' }),
  completed_by: nullable(Type.String()),
  reviewed_by: nullable(Type.String()),
  version: Type.Integer(),
  created_at: Timestamp,
  updated_at: Timestamp,
  started_at: nullable(Timestamp),
  completed_at: nullable(Timestamp),
  legacy_id: nullable(
    Type.String({ description: 'the UUID it had on a board of codepakt 0.1 or 0.2' }),
  ),
});
export type Task = Type.Static<typeof Task>;

export { TASK_FIELDS };

/** The last recorded run of a task's verify command. */
export const Verification = Type.Object({
  command: Type.String(),
  exit_code: Type.Integer(),
  duration_ms: Type.Integer(),
  output: Type.String({ description: 'its last lines' }),
  agent: Type.String(),
  created_at: Timestamp,
});
export type Verification = Type.Static<typeof Verification>;

const DocHead = Type.Object({ id: Type.String(), title: Type.String() });

/** One task with what surrounds it. */
export const TaskDetail = Type.Object({
  ...Task.properties,
  dependents: Type.Array(TaskId, { description: 'the tasks that depend on this one' }),
  context: Type.Array(DocHead, { description: 'the docs that context_refs name' }),
  verification: Type.Union([Verification, Type.Null()]),
});
export type TaskDetail = Type.Static<typeof TaskDetail>;

/** What a change of a task answers: the task, and what the change did. */
export const TaskResult = Type.Object({
  ...Task.properties,
  changed: Type.Array(Type.String(), {
    description: 'names of the fields that changed; none: nothing was to do',
  }),
  opened: Type.Array(TaskId, { description: 'tasks that this change made ready' }),
  reverted: Type.Array(TaskId, { description: 'tasks whose dependencies this change broke' }),
  message: nullable(Type.String({ description: 'what a caller may not expect' })),
});
export type TaskResult = Type.Static<typeof TaskResult>;

/** Approval answers with the evidence it rests on. */
export const ApprovalResult = Type.Object({
  ...TaskResult.properties,
  verification: Type.Union([Verification, Type.Null()]),
});
export type ApprovalResult = Type.Static<typeof ApprovalResult>;

const labels = list(label(LIMITS.label), LIMITS.array);
const globs = list(label(LIMITS.glob), LIMITS.array);
const criteria = list(label(LIMITS.criterion), LIMITS.array);
const dependencies = list(TaskRef, LIMITS.depends_on);

export const TaskInput = closed({
  key: Type.Optional(
    label(LIMITS.label, 'a name by which other tasks of the same batch can depend on this one'),
  ),
  title: label(LIMITS.title),
  description: Type.Optional(nullable(text(LIMITS.description))),
  priority: Type.Optional(oneOf(PRIORITIES)),
  assignee: Type.Optional(nullable(label(LIMITS.label))),
  epic: Type.Optional(nullable(label(LIMITS.label))),
  tags: Type.Optional(labels),
  capabilities: Type.Optional(labels),
  touches: Type.Optional(globs),
  depends_on: Type.Optional(dependencies),
  verify: Type.Optional(nullable(text(LIMITS.verify))),
  acceptance_criteria: Type.Optional(criteria),
  context_refs: Type.Optional(labels),
  hold: Type.Optional(Type.Boolean()),
});
export type TaskInput = Type.Static<typeof TaskInput>;

export const TaskBatch = closed({
  tasks: Type.Array(TaskInput, { minItems: 1, maxItems: LIMITS.batch }),
});
export type TaskBatch = Type.Static<typeof TaskBatch>;

const claim = Type.Optional(
  Type.Integer({ minimum: 0, description: 'refuse unless this is the present claim' }),
);
const reason = Type.Optional(label(LIMITS.text));
const note = Type.Optional(label(LIMITS.text));
const lease = Type.Optional(
  Type.Integer({ minimum: 0, maximum: LIMITS.lease, description: 'seconds; 0 is never' }),
);

export const TaskPatch = closed(
  {
    title: Type.Optional(label(LIMITS.title)),
    description: Type.Optional(nullable(text(LIMITS.description))),
    status: Type.Optional(oneOf(STATUSES)),
    hold: Type.Optional(Type.Boolean()),
    priority: Type.Optional(oneOf(PRIORITIES)),
    assignee: Type.Optional(nullable(label(LIMITS.label))),
    epic: Type.Optional(nullable(label(LIMITS.label))),
    tags: Type.Optional(labels),
    capabilities: Type.Optional(labels),
    touches: Type.Optional(globs),
    depends_on: Type.Optional(dependencies),
    verify: Type.Optional(nullable(text(LIMITS.verify))),
    acceptance_criteria: Type.Optional(criteria),
    context_refs: Type.Optional(labels),
    blocker_reason: Type.Optional(nullable(label(LIMITS.text))),
    reason,
    claim,
  },
  { minProperties: 1 },
);
export type TaskPatch = Type.Static<typeof TaskPatch>;

export const PickupRequest = closed({
  id: Type.Optional(TaskRef),
  epic: Type.Optional(label(LIMITS.label)),
  tags: Type.Optional(labels),
  capabilities: Type.Optional(labels),
  lease,
  avoid_conflicts: Type.Optional(Type.Boolean({ description: 'default true' })),
});
export type PickupRequest = Type.Static<typeof PickupRequest>;

/** Why there is nothing to pick up, counted. */
export const PickupWhy = Type.Object({
  waiting: Type.Integer({ description: 'wait for dependencies' }),
  held: Type.Integer({ description: 'put aside on purpose' }),
  blocked: Type.Integer(),
  assigned_to_others: Type.Integer({ description: 'open, but for somebody else' }),
  filtered_out: Type.Integer({
    description: 'open, but not of the epic, tags or capabilities asked for',
  }),
  conflicting: Type.Integer({
    description: 'open, but they touch what a task in progress touches',
  }),
  in_the_way: Type.Array(TaskId, { description: 'the tasks in progress that conflict' }),
  in_progress: Type.Integer(),
});
export type PickupWhy = Type.Static<typeof PickupWhy>;

export const TaskHead = Type.Object({
  id: TaskId,
  title: Type.String(),
  claim: Type.Integer(),
  lease_expires_at: nullable(Timestamp),
});
export type TaskHead = Type.Static<typeof TaskHead>;

export const PickupResult = Type.Object({
  task: Type.Union([Task, Type.Null()]),
  context: Type.Array(DocHead),
  holding: Type.Array(TaskHead, { description: 'what this agent has in progress already' }),
  why: Type.Optional(PickupWhy),
});
export type PickupResult = Type.Static<typeof PickupResult>;

export const DoneRequest = closed({ note, claim, force: Type.Optional(Type.Boolean()) });
export type DoneRequest = Type.Static<typeof DoneRequest>;

export const ApproveRequest = closed({ note, force: Type.Optional(Type.Boolean()) });
export type ApproveRequest = Type.Static<typeof ApproveRequest>;

export const RejectRequest = closed({
  reason,
  reopen: Type.Optional(
    Type.Boolean({ description: 'back to open instead of back to the assignee' }),
  ),
});
export type RejectRequest = Type.Static<typeof RejectRequest>;

export const BlockRequest = closed({ reason, claim });
export type BlockRequest = Type.Static<typeof BlockRequest>;

export const UnblockRequest = closed({ note });
export type UnblockRequest = Type.Static<typeof UnblockRequest>;

export const ReleaseRequest = closed({ note, claim });
export type ReleaseRequest = Type.Static<typeof ReleaseRequest>;

export const CancelRequest = closed({ reason });
export type CancelRequest = Type.Static<typeof CancelRequest>;

export const NoteRequest = closed({ body: label(LIMITS.text), claim });
export type NoteRequest = Type.Static<typeof NoteRequest>;

export const HeartbeatRequest = closed({ claim, lease });
export type HeartbeatRequest = Type.Static<typeof HeartbeatRequest>;

export const VerificationRequest = closed({
  command: text(LIMITS.verify),
  exit_code: Type.Integer({ minimum: -1, maximum: 255 }),
  duration_ms: Type.Integer({ minimum: 0, maximum: LIMITS.lease * 1_000 }),
  output: text(LIMITS.output),
  claim,
});
export type VerificationRequest = Type.Static<typeof VerificationRequest>;
