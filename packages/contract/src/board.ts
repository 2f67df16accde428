import * as Type from 'typebox';
import { Agent } from './agent.ts';
import { TaskId } from './task.ts';
import { nullable, oneOf, Timestamp } from './text.ts';
import { PRIORITIES, STATUSES } from './vocabulary.ts';

export const BoardCounts = Type.Object({
  backlog: Type.Integer(),
  open: Type.Integer(),
  'in-progress': Type.Integer(),
  review: Type.Integer(),
  done: Type.Integer(),
  blocked: Type.Integer(),
  cancelled: Type.Integer(),
});
export type BoardCounts = Type.Static<typeof BoardCounts>;

export const BoardStatus = Type.Object({
  project: Type.Object({ id: Type.String(), name: Type.String() }),
  total: Type.Integer(),
  counts: BoardCounts,
  held: Type.Integer({ description: 'of the backlog: put aside on purpose' }),
  blocked: Type.Array(
    Type.Object({
      id: TaskId,
      title: Type.String(),
      assignee: nullable(Type.String()),
      blocker_reason: nullable(Type.String()),
    }),
    { description: 'the first 50' },
  ),
  agents: Type.Array(Agent),
  last_event_id: Type.Integer(),
});
export type BoardStatus = Type.Static<typeof BoardStatus>;

export const BoardLabels = Type.Object({
  epics: Type.Array(
    Type.Object({
      name: Type.String(),
      total: Type.Integer({ description: 'its tasks, without cancelled ones' }),
      done: Type.Integer(),
    }),
  ),
  tags: Type.Array(Type.Object({ name: Type.String(), total: Type.Integer() })),
  assignees: Type.Array(Type.Object({ name: Type.String(), total: Type.Integer() })),
});
export type BoardLabels = Type.Static<typeof BoardLabels>;

export const TaskGraph = Type.Object({
  nodes: Type.Array(
    Type.Object({
      id: TaskId,
      title: Type.String(),
      status: oneOf(STATUSES),
      priority: oneOf(PRIORITIES),
      epic: nullable(Type.String()),
      assignee: nullable(Type.String()),
      unblocks: Type.Array(TaskId, {
        description: 'the tasks that become ready when this one is finished',
      }),
    }),
  ),
  edges: Type.Array(
    Type.Object({ from: TaskId, to: TaskId }, { description: 'to depends on from' }),
  ),
  critical_path: Type.Array(TaskId, {
    description: 'the longest chain of unresolved tasks, first to last',
  }),
  left_out: Type.Integer({
    description: 'so many less urgent tasks are not in nodes, which are at most 5,000',
  }),
});
export type TaskGraph = Type.Static<typeof TaskGraph>;

const Spread = Type.Object(
  { count: Type.Integer(), p50: Type.Number(), p90: Type.Number() },
  { description: 'seconds' },
);

export const Metrics = Type.Object({
  days: Type.Array(
    Type.Object({
      date: Type.String({ description: 'YYYY-MM-DD, UTC' }),
      created: Type.Integer(),
      completed: Type.Integer(),
      cancelled: Type.Integer(),
    }),
    { description: 'burn-up: how many of each up to the end of that day' },
  ),
  cycle_time: Type.Union([Spread, Type.Null()], { description: 'first pickup to review' }),
  review_time: Type.Union([Spread, Type.Null()], { description: 'review to approval' }),
});
export type Metrics = Type.Static<typeof Metrics>;

export const ImportResult = Type.Object({
  tasks: Type.Integer(),
  notes: Type.Integer(),
  docs: Type.Integer(),
  agents: Type.Integer(),
  events: Type.Integer(),
});
export type ImportResult = Type.Static<typeof ImportResult>;

export const Health = Type.Object({
  status: Type.Literal('ok'),
  name: Type.Literal('codepakt'),
  version: Type.String(),
  api_version: Type.Integer(),
  instance_id: Type.String(),
  pid: Type.Integer(),
  started_at: Timestamp,
  uptime_seconds: Type.Integer(),
});
export type Health = Type.Static<typeof Health>;
