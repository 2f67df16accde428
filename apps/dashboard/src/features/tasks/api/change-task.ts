import { HUMAN, type TaskResult } from '@codepakt/contract';
import { useCallback } from 'react';
import { client, describeError, queryClient } from '../../../app/client.ts';
import { keys } from '../../../lib/query-keys.ts';
import { showToast } from '../../../lib/toasts.ts';
import { CARD_FIELDS, type Card, toCard } from './card.ts';
import { cardsOnShow, placeCards } from './place-cards.ts';

export interface Change {
  id: string;
  /** How its card looks until the server has answered. */
  looks?: Partial<Card>;
  /** What happened, as a sentence without its full stop. */
  says: string | ((result: TaskResult) => string);
  send: () => Promise<TaskResult>;
  /** Answers whether it has told the person itself, for a refusal that needs more than a message. */
  onRefused?: (error: unknown) => boolean;
}

export type ChangeTask = (change: Change) => Promise<boolean>;

/**
 * Changes a task: its card moves at once, goes back when the server refuses, and a message says
 * what happened and offers to take it back. Answers whether it was done.
 */
export function useChangeTask(project: string): ChangeTask {
  return useCallback((change) => changeTask(project, change), [project]);
}

async function changeTask(
  project: string,
  { id, looks, says, send, onRefused }: Change,
): Promise<boolean> {
  const before = cardsOnShow(queryClient, project).get(id);
  if (before !== undefined && looks !== undefined) {
    placeCards(queryClient, project, [{ ...before, ...looks }]);
  }
  try {
    const result = await send();
    placeCards(queryClient, project, [toCard(result)]);
    void queryClient.invalidateQueries({ queryKey: keys.of(project, 'task', id) });
    const { version, changed } = result;
    showToast({
      kind: 'done',
      message: typeof says === 'string' ? (result.message ?? says) : says(result),
      undo: changed.length === 0 ? undefined : () => void undo(project, id, version),
    });
    return true;
  } catch (error) {
    if (before !== undefined) placeCards(queryClient, project, [before]);
    // Without a server the catch-up, when it is back, does the same.
    refreshCards(project, [id]).catch(() => undefined);
    void queryClient.invalidateQueries({ queryKey: keys.of(project, 'task', id) });
    if (onRefused?.(error) !== true) showToast({ kind: 'failed', ...describeError(error) });
    return false;
  }
}

/**
 * Changes several tasks in the same way, one after another. One message tells of all that were
 * changed and takes all of them back; another one of those that were refused, and why the first was.
 */
export async function changeTasks(
  project: string,
  ids: Iterable<string>,
  send: (id: string) => Promise<TaskResult>,
  says: string,
): Promise<void> {
  const changed = new Map<string, number>();
  const { done, refused, reason } = await each(ids, async (id) => {
    const result = await send(id);
    placeCards(queryClient, project, [toCard(result)]);
    void queryClient.invalidateQueries({ queryKey: keys.of(project, 'task', id) });
    if (result.changed.length > 0) changed.set(id, result.version);
  });
  const undo = async () => {
    const back = await each(changed.keys(), (id) => undoChange(project, id, changed.get(id) ?? 0));
    if (back.done > 0) {
      showToast({ kind: 'done', message: `${tasks(back.done)}: as before` });
    }
    tellRefused(back);
  };
  if (done > 0) {
    showToast({
      kind: 'done',
      message: `${tasks(done)}: ${says}`,
      undo: changed.size === 0 ? undefined : () => void undo(),
    });
  }
  tellRefused({ refused, reason });
}

interface Outcome {
  done: number;
  refused: string[];
  /** Why the first was refused. */
  reason: unknown;
}

async function each(ids: Iterable<string>, act: (id: string) => Promise<void>): Promise<Outcome> {
  const outcome: Outcome = { done: 0, refused: [], reason: undefined };
  for (const id of ids) {
    try {
      await act(id);
      outcome.done += 1;
    } catch (error) {
      outcome.refused.push(id);
      outcome.reason ??= error;
    }
  }
  return outcome;
}

function tellRefused({ refused, reason }: Pick<Outcome, 'refused' | 'reason'>): void {
  if (refused.length === 0) return;
  const { message, hint } = describeError(reason);
  const of = refused.length > 1 ? `${refused.length} tasks were refused, first ` : '';
  showToast({ kind: 'failed', message: `${of}${refused[0]}: ${message}`, hint });
}

function tasks(count: number): string {
  return count === 1 ? '1 task' : `${count} tasks`;
}

async function undo(project: string, id: string, version: number): Promise<void> {
  try {
    await undoChange(project, id, version);
    showToast({ kind: 'done', message: `${id} is as it was before` });
  } catch (error) {
    showToast({ kind: 'failed', ...describeError(error) });
  }
}

/** The opposite of the change that gave the task that version. */
async function undoChange(project: string, id: string, version: number): Promise<void> {
  const { items } = await client.events.list({
    params: { project },
    query: { task: id, limit: 20 },
  });
  const event = items.find((one) => one.version === version && one.agent === HUMAN);
  if (event === undefined) throw new Error(`${id} has been changed since by others.`);
  const { task } = await client.events.undo({ params: { project, id: String(event.id) } });
  if (task !== null) placeCards(queryClient, project, [toCard(task)]);
  void queryClient.invalidateQueries({ queryKey: keys.of(project, 'task', id) });
}

/** Takes back whatever was done last to a task, by whom ever. */
export async function undoLast(project: string, id: string): Promise<void> {
  try {
    const { items } = await client.events.list({
      params: { project },
      query: { task: id, limit: 1 },
    });
    const [event] = items;
    if (event === undefined) return;
    const { task } = await client.events.undo({ params: { project, id: String(event.id) } });
    if (task !== null) placeCards(queryClient, project, [toCard(task)]);
    void queryClient.invalidateQueries({ queryKey: keys.of(project, 'task', id) });
    showToast({ kind: 'done', message: `The last change of ${id} is taken back` });
  } catch (error) {
    showToast({ kind: 'failed', ...describeError(error) });
  }
}

/** Reads cards anew and puts them where they belong. */
export async function refreshCards(project: string, ids: readonly string[]): Promise<void> {
  const AT_ONCE = 200;
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const { items } = await client.tasks.list({
      params: { project },
      query: {
        id: ids.slice(start, start + AT_ONCE),
        fields: [...CARD_FIELDS],
        limit: AT_ONCE,
      },
    });
    placeCards(queryClient, project, items as Card[]);
  }
}
