import { appendFileSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The calls of `cpk` that a storm is made of. */
export type Verb =
  | 'pickup'
  | 'note'
  | 'done'
  | 'block'
  | 'release'
  | 'unblock'
  | 'approve'
  | 'list'
  | 'status';

/** A claim as an agent knows it: from the answer that gave it. */
export interface Claim {
  task: string;
  claim: number;
}

/** One call; its retries after a lost answer have its number and its key too. */
export interface Asked {
  kind: 'asked';
  by: string;
  call: number;
  verb: Verb;
  /** The claim that the caller acts on. */
  on?: Claim | undefined;
}

export interface Answered {
  kind: 'answered';
  by: string;
  call: number;
  code: number;
  /** What stdout held, read as JSON. */
  answer: unknown;
  /** The error on stderr, when the call failed. */
  error: { error?: string; message?: string } | undefined;
}

export type Entry =
  | Asked
  | Answered
  /** The cpk process was killed in the middle of the call: nobody knows whether it took effect. */
  | { kind: 'cut off'; by: string; call: number }
  /** The caller gives the call up, or sends it again with the same key. */
  | { kind: 'retried'; by: string; call: number }
  /** An agent that does not stir for longer than its lease. */
  | { kind: 'stalled'; by: string; on: Claim }
  /** It found a claim of its own that it did not know of. */
  | { kind: 'adopted'; by: string; on: Claim }
  /** The agent's own process is killed. */
  | { kind: 'died'; by: string };

/** Adds one line at once: what a killed process has written down stays. */
export function writeEntry(file: string, entry: Entry): void {
  appendFileSync(file, `${JSON.stringify(entry)}\n`);
}

/** Everything that the processes of a storm wrote down, each in its own order. */
export function readJournals(folder: string): Entry[] {
  return globSync('*.jsonl', { cwd: folder })
    .sort()
    .flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n').slice(0, -1))
    .map((line) => JSON.parse(line) as Entry);
}
