import { DatabaseSync } from 'node:sqlite';
import { isDeepStrictEqual } from 'node:util';
import type { PickupResult } from '../../../packages/contract/src/index.ts';
import { openDatabaseFile } from '../../../packages/core/src/index.ts';
import { replayTasks, toReplayed } from '../../../packages/core/src/testing/index.ts';
import { unsoundness } from '../soundness.ts';
import type { Asked, Ledger } from './ledger.ts';

export interface BoardCheck {
  faults: string[];
  /** Requests that took effect though nobody got their answer. */
  unheard: number;
}

/**
 * Holds a board, as a killed process has left it, against what clients were told: every answer is
 * there once, and what nobody was told of is there whole or not at all.
 * @param file the database, or a copy of it; it is only read
 */
export function checkBoard(file: string, ledger: Ledger): BoardCheck {
  const faults = unsoundness(file);
  const found = readBoard(file);
  for (const asked of ledger.all.values()) {
    const isThere = found.answers.has(asked.key);
    const isAnswered = asked.answer !== undefined;
    if (isAnswered && !isThere) faults.push(`lost: ${describe(asked)}`);
    if (isThere) faults.push(...checkEffect(asked, found));
    else if (found.marks.has(asked.key)) faults.push(`there, but not under its key: ${asked.key}`);
    if (isAnswered && isThere && !agrees(found.answers.get(asked.key), asked.answer)) {
      faults.push(`kept otherwise than it was answered: ${describe(asked)}`);
    }
  }
  for (const key of found.marks.keys()) {
    if (!ledger.all.has(key)) faults.push(`nobody asked for what ${key} did`);
  }
  const unheard = ledger.unsure.filter(({ key }) => found.answers.has(key)).length;
  return { faults, unheard };
}

/** Whether the events of a board explain every one of its tasks. */
export function checkReplay(file: string): string[] {
  using project = openDatabaseFile(file);
  const told = replayTasks(project.events.after(0, {}, Number.MAX_SAFE_INTEGER));
  const { total } = project.board.status();
  const faults = total === told.size ? [] : [`${total} tasks, but ${told.size} in the events`];
  for (const [id, replayed] of told) {
    if (isDeepStrictEqual(toReplayed(project.tasks.get(id)), replayed)) continue;
    faults.push(`${id} is not what its events tell`);
  }
  return faults;
}

interface FoundBoard {
  /** The answers that are kept, by key. */
  answers: Map<string, unknown>;
  /** How many events bear a key: in the title, note or reason that they tell of. */
  marks: Map<string, number>;
  /** How often a claim was given, by task, number and agent. */
  claims: Map<string, number>;
}

function readBoard(file: string): FoundBoard {
  const sqlite = new DatabaseSync(file, { readOnly: true });
  try {
    const answers = sqlite.prepare('SELECT key, response FROM idempotency_keys').all();
    const events = sqlite.prepare('SELECT task_id, agent, action, detail FROM events').all();
    const marks = new Map<string, number>();
    const claims = new Map<string, number>();
    const count = (counts: Map<string, number>, name: string) =>
      counts.set(name, (counts.get(name) ?? 0) + 1);
    for (const { task_id, agent, action, detail } of events) {
      const told = JSON.parse(String(detail)) as Record<string, unknown>;
      const mark = markOf(told);
      if (mark !== undefined) count(marks, mark);
      if (action === 'task_pickup') {
        count(claims, `${task_id} ${(told.claim as number[])[1]} ${agent}`);
      }
    }
    return {
      answers: new Map(
        answers.map(({ key, response }) => [String(key), JSON.parse(String(response))]),
      ),
      marks,
      claims,
    };
  } finally {
    sqlite.close();
  }
}

/** Whether an answer says what is kept of it; `cpk` prints a part. */
function agrees(kept: unknown, answer: unknown): boolean {
  const fields = kept as Record<string, unknown>;
  return Object.entries(answer as object).every(([name, value]) =>
    isDeepStrictEqual(fields[name], value),
  );
}

/** The key of the request that an event comes from; a batch puts a number behind it. */
function markOf(detail: Record<string, unknown>): string | undefined {
  const after = (change: unknown) => (Array.isArray(change) ? change[1] : change);
  const words = [detail.note, detail.title, detail.blocker_reason].map(after);
  return words.flatMap((word) => /^[\w.-]+:\d+(?=#|$)/.exec(String(word))?.[0] ?? []).at(0);
}

/** A request that took effect did so once, and whole. */
function checkEffect(asked: Asked, { answers, marks, claims }: FoundBoard): string[] {
  const times = marks.get(asked.key) ?? 0;
  if (times !== asked.marks) {
    return [`${times} events instead of ${asked.marks}: ${describe(asked)}`];
  }
  if (!asked.path.endsWith('/pickup')) return [];
  const { task } = answers.get(asked.key) as PickupResult;
  if (task === null) return [];
  const given = claims.get(`${Number(task.id.slice(2))} ${task.claim} ${asked.agent}`) ?? 0;
  return given === 1 ? [] : [`claim ${task.claim} of ${task.id} was given ${given} times`];
}

function describe({ key, method, path }: Asked): string {
  return `${key}, ${method} ${path}`;
}
