import type { ParseOutcome } from './parse-file.ts';

export interface ParseTask {
  path: string;
  /** The hash of the content that need not be parsed again. */
  known_hash: string | null;
}

/** What a worker is started with; all take their tasks from one list by one counter. */
export interface WorkerInput {
  root: string;
  grammarsDir: string;
  tasks: ParseTask[];
  /** One 32-bit integer: the index of the next task. */
  counter: SharedArrayBuffer;
}

/** Batches of outcomes as JSON, which costs less to hand over than objects do. */
export type WorkerMessage = string;

export type TaskOutcome = ParseOutcome | { vanished: true; path: string };
