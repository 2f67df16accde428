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

/** The last that a worker says when a file broke its parser: another one has to go on. */
export const PARSER_BROKE = 'parser broke';

/** What came of a task; packed-batch.ts says how these travel from thread to thread. */
export type TaskOutcome = ParseOutcome | { vanished: true; path: string };
