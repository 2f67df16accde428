import type { Attempt } from '../tally.ts';
import type { Size } from './machine.ts';
import { EXT4, onSmallDisk, TMPFS } from './small-disk.ts';

/** A disk that turns read-only, as one does that fails: see `turn-read-only-run.ts`, which runs on that disk. */
export async function turnReadOnly(attempt: Attempt, size: Size): Promise<void> {
  const script = import.meta.resolve('./turn-read-only-run.ts');
  // Only a real file system can be made to fail while files on it are open, and only by root.
  const isDone =
    (await onSmallDisk(attempt, script, size, EXT4)) ||
    (await onSmallDisk(attempt, script, size, TMPFS));
  if (!isDone) attempt.tally.count('disk read-only: not tried, no disk can be mounted here');
}
