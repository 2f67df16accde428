import * as Type from 'typebox';
import { TaskId, TaskResult } from './task.ts';
import { nullable, Timestamp } from './text.ts';

/**
 * One entry of the append-only audit log. In `detail`, a key that is a field of the task, doc or
 * project holds `[before, after]`; other keys (`note`, `reason`, `by`, `undoes` …) say more about the act.
 */
export const Event = Type.Object({
  id: Type.Integer({ description: 'strictly increasing: the cursor to resume from' }),
  task_id: nullable(TaskId),
  doc_id: nullable(Type.String()),
  agent: nullable(Type.String()),
  action: Type.String({ description: 'one of the known actions; an older board may hold others' }),
  version: Type.Unsafe<number | null>({
    type: ['integer', 'null'],
    description: 'the version that the task or doc had after it',
  }),
  detail: Type.Record(Type.String(), Type.Unknown()),
  created_at: Timestamp,
});
export type Event = Type.Static<typeof Event>;

/** What `undo` answers: the opposite event, and the task when it was about one. */
export const UndoResult = Type.Object({
  event: Event,
  task: Type.Union([TaskResult, Type.Null()]),
});
export type UndoResult = Type.Static<typeof UndoResult>;
