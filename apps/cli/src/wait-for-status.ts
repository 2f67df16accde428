import type { Event, Status, TaskDetail } from '@codepakt/contract';
import { CodepaktError } from '@codepakt/contract/light';
import { type Context, interrupted } from './context.ts';
import { followEvents } from './follow-events.ts';

/**
 * Resolves when a task has, or has had since, one of these statuses.
 * @throws CodepaktError `wait_timeout`; `wait_unreachable` when it is done or cancelled instead
 */
export async function waitForStatus(
  id: string,
  statuses: readonly Status[],
  timeout: number | undefined,
  context: Context,
): Promise<TaskDetail> {
  const { client, params } = context.board();
  // The place in the log is taken before the look at the task, so that nothing falls in between.
  const { last_event_id } = await client.board.status({ params });
  const read = () => client.tasks.read({ params: { ...params, id } });
  let task = await read();
  if (statuses.includes(task.status)) return task;
  refuseUnreachable(task, statuses);

  const timer = timeout === undefined ? undefined : AbortSignal.timeout(timeout * 1_000);
  const stop = AbortSignal.any([context.interruption(), ...(timer === undefined ? [] : [timer])]);
  const limited = { ...context, interruption: () => stop };
  try {
    for await (const event of followEvents(limited, { after: last_event_id, task: task.id })) {
      const status = statusAfter(event);
      if (status === undefined) continue;
      task = await read();
      if (statuses.includes(status)) return { ...task, status };
      if (task.status === status) refuseUnreachable(task, statuses);
    }
  } catch (error) {
    if (timer?.aborted === true && !context.interruption().aborted) throw timedOut(task, statuses);
    throw error;
  }
  throw interrupted();
}

function statusAfter({ detail }: Event): Status | undefined {
  const change = detail.status;
  return Array.isArray(change) ? (change[1] as Status) : undefined;
}

/** Nothing leads on from these but a person's hand. */
function refuseUnreachable({ id, status }: TaskDetail, statuses: readonly Status[]): void {
  if (status !== 'done' && status !== 'cancelled') return;
  throw new CodepaktError(
    'wait_unreachable',
    `${id} is ${status} and will not be ${statuses.join(' or ')}`,
  );
}

function timedOut({ id, status }: TaskDetail, statuses: readonly Status[]): CodepaktError {
  return new CodepaktError(
    'wait_timeout',
    `${id} is still ${status}, not ${statuses.join(' or ')}`,
  );
}
