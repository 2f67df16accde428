import { setTimeout as sleep } from 'node:timers/promises';
import { lookForDamage } from '../../packages/core/src/index.ts';

const EVERY_MS = 2_000;

/**
 * Reads a board through over and over while a storm rages on it, as the daemon does now and then: what
 * is whole is never to be called damaged. Answers how often that was done.
 */
export async function keepExamining(
  file: string,
  signal: AbortSignal,
  faults: string[],
): Promise<number> {
  let looks = 0;
  while (!signal.aborted) {
    try {
      const damage = await lookForDamage(file, { signal });
      looks += 1;
      if (damage !== undefined)
        faults.push(`the whole board was called damaged: ${damage.message}`);
    } catch (error) {
      // Nobody may have it open, between two daemons; and the end of the storm ends the look.
      const isNothing = signal.aborted || String(error).includes('nobody has it open');
      if (!isNothing) faults.push(String(error));
    }
    await sleep(EVERY_MS, undefined, { signal }).catch(() => {});
  }
  return looks;
}
