import * as Type from 'typebox';
import { TaskHead } from './task.ts';
import { oneOf, Timestamp } from './text.ts';

/** Made on first contact, never registered. */
export const Agent = Type.Object({
  name: Type.String(),
  status: oneOf(['working', 'idle'], { description: 'working when it holds a task in progress' }),
  last_seen: Timestamp,
  tasks: Type.Array(TaskHead, { description: 'what it has in progress' }),
});
export type Agent = Type.Static<typeof Agent>;
