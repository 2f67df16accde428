import type { Attempt } from '../tally.ts';
import type { Size } from './machine.ts';
import { onSmallDisk } from './small-disk.ts';

/** A disk that is full at every write of a whole run: see `fill-disk-run.ts`, which runs on that disk. */
export async function fillDisk(attempt: Attempt, size: Size): Promise<void> {
  const isDone = await onSmallDisk(attempt, import.meta.resolve('./fill-disk-run.ts'), size);
  if (!isDone) attempt.tally.count('disk full: not tried, no disk can be mounted here');
}
