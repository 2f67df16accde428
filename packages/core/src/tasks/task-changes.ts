import type { TaskRow } from '../database/schema.ts';
import type { Changes } from '../events/append-event.ts';
import { toList, toPriority } from './task-row.ts';

/** The columns whose change is told in events; leases move without one. */
const TOLD = [
  'title',
  'description',
  'status',
  'hold',
  'priority',
  'assignee',
  'epic',
  'tags',
  'capabilities',
  'touches',
  'deps_met',
  'verify',
  'acceptance_criteria',
  'context_refs',
  'blocker_reason',
  'claim',
  'expiries',
  'completed_by',
  'reviewed_by',
  'started_at',
  'completed_at',
] as const satisfies (keyof TaskRow)[];

/** `[before, after]` of each field that differs, in the values of the domain. */
export function changesOf(before: TaskRow, after: TaskRow): Changes {
  const changes: Changes = {};
  for (const column of TOLD) {
    if (before[column] === after[column]) continue;
    changes[column] = [told(column, before[column]), told(column, after[column])];
  }
  return changes;
}

/** The value that a column has in the domain. */
function told(column: (typeof TOLD)[number], value: string | number | null): unknown {
  switch (column) {
    case 'hold':
    case 'deps_met':
      return value === 1;
    case 'priority':
      return toPriority(Number(value));
    case 'tags':
    case 'capabilities':
    case 'touches':
    case 'acceptance_criteria':
    case 'context_refs':
      return toList(String(value));
    default:
      return value;
  }
}
