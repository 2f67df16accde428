import * as Type from 'typebox';
import { Doc } from './doc.ts';
import { Event } from './event.ts';
import { LeaseSeconds } from './project.ts';
import { Task, TaskNote } from './task.ts';
import { closed, nullable, Timestamp } from './text.ts';

/**
 * The lines of an exported board, in this order: the board itself, then each of its agents, tasks,
 * notes, docs and events, then the end, so that a file that was cut off is noticed. Nothing in it
 * depends on where the board lies; what can be worked out from the rest is not in it. A line's
 * length is its only limit: a board that was carried over may hold longer texts than we take in.
 */
export const BOARD_FORMAT = 1;

/** Beyond it the next number could be one that no id can be written with, or that a double can't hold. */
export const HIGHEST_NUMBER = 999_999_999_999;

const Count = Type.Integer({ minimum: 0, maximum: HIGHEST_NUMBER });
const Id = Type.Integer({ minimum: 1, maximum: HIGHEST_NUMBER });

export const BoardHeadLine = closed({
  kind: Type.Literal('board'),
  format: Type.Literal(BOARD_FORMAT),
  name: Type.String(),
  description: nullable(Type.String()),
  settings: Type.Object({ lease_seconds: Type.Optional(LeaseSeconds) }),
  created_at: Timestamp,
  last_doc: Type.Integer({
    minimum: 0,
    maximum: HIGHEST_NUMBER,
    description: 'the highest number that a doc ever had',
  }),
});
export type BoardHeadLine = Type.Static<typeof BoardHeadLine>;

export const AgentLine = closed({
  kind: Type.Literal('agent'),
  name: Type.String(),
  last_seen: Timestamp,
});
export type AgentLine = Type.Static<typeof AgentLine>;

export const TaskLine = closed({
  kind: Type.Literal('task'),
  ...Type.Omit(Task, ['deps_met', 'waits_for', 'notes', 'lease_expired']).properties,
  claim: Count,
  expiries: Count,
  version: Count,
  lease_seconds: Type.Unsafe<number | null>({ type: ['integer', 'null'], minimum: 1 }),
});
export type TaskLine = Type.Static<typeof TaskLine>;

export const NoteLine = closed({
  kind: Type.Literal('note'),
  id: Id,
  task_id: Task.properties.id,
  ...TaskNote.properties,
});
export type NoteLine = Type.Static<typeof NoteLine>;

export const DocLine = closed({ kind: Type.Literal('doc'), ...Doc.properties });
export type DocLine = Type.Static<typeof DocLine>;

export const EventLine = closed({ kind: Type.Literal('event'), ...Event.properties, id: Id });
export type EventLine = Type.Static<typeof EventLine>;

export const BoardEndLine = closed({
  kind: Type.Literal('end'),
  agents: Count,
  tasks: Count,
  notes: Count,
  docs: Count,
  events: Count,
});
export type BoardEndLine = Type.Static<typeof BoardEndLine>;

/** The schema of each kind of line, in the order in which they come. */
export const boardLines = {
  board: BoardHeadLine,
  agent: AgentLine,
  task: TaskLine,
  note: NoteLine,
  doc: DocLine,
  event: EventLine,
  end: BoardEndLine,
};

export type BoardLine =
  | BoardHeadLine
  | AgentLine
  | TaskLine
  | NoteLine
  | DocLine
  | EventLine
  | BoardEndLine;
