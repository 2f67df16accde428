import type { BoardStatus } from '@codepakt/contract';
import { terse } from './terse.ts';

/** The board's state without the counts that are none. */
export function boardForm({
  counts,
  held,
  last_event_id: _,
  ...rest
}: Pick<BoardStatus, 'counts' | 'held'> & Partial<BoardStatus>): unknown {
  const some = Object.fromEntries(Object.entries({ ...counts, held }).filter(([, n]) => n > 0));
  return terse({ ...rest, counts: some });
}
