import { setTimeout as sleep } from 'node:timers/promises';
import type { Event, EventStreamQuery } from '@codepakt/contract';
import { CodepaktError } from '@codepakt/contract/light';
import { type Context, interrupted } from './context.ts';

/** So often in a row it is tried to open the stream again, for about 15 s. */
const TRIES = 12;
/** The server says something every 15 s; after so long without a word the connection is dead. */
const SILENCE_MS = 40_000;

/**
 * The events of the board as they happen, without an end: a lost connection is opened again, and
 * the daemon with it, and nothing is lost or told twice. Ends by Ctrl-C with `interrupted`.
 * `onReturn` is called when it is open again, since the board may be another then.
 */
export async function* followEvents(
  { board, interruption }: Context,
  { after, ...filter }: EventStreamQuery & { after: number },
  onReturn: () => Promise<void> = async () => undefined,
): AsyncGenerator<Event, void, undefined> {
  const { client, params } = board();
  const signal = interruption();
  let seen = after;
  let wasOpen = false;
  for (let failures = 0; ; failures++) {
    try {
      const query = { ...filter, after: seen };
      const call = { signal, timeout_ms: SILENCE_MS };
      const events = await client.events.stream({ params, query }, call);
      if (wasOpen) await onReturn();
      wasOpen = true;
      for await (const event of events) {
        seen = event.id;
        failures = 0;
        yield event;
      }
    } catch (error) {
      if (signal.aborted) throw interrupted();
      if (!isPassing(error, wasOpen) || failures === TRIES) throw error;
    }
    // The server has ended the stream, or the connection broke.
    await sleep(Math.min(50 * 2 ** failures, 2_000), undefined, { signal }).catch(() => {
      throw interrupted();
    });
  }
}

/** A server that was there comes back; one that never was is told of at once. */
function isPassing(error: unknown, wasOpen: boolean): boolean {
  return wasOpen && error instanceof CodepaktError && error.code === 'server_unreachable';
}
