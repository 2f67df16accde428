import { LIMITS } from '@codepakt/contract';

/** How many of these rows come to no more than we would take in at once; one at least, so that a list always goes on. */
export function countThatFits(rows: readonly { bytes: number }[]): number {
  let total = 0;
  for (const [index, { bytes }] of rows.entries()) {
    total += bytes;
    if (total > LIMITS.body_bytes) return Math.max(1, index);
  }
  return rows.length;
}
