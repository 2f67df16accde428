import type { Event } from '@codepakt/contract';
import { colours } from './colour.ts';
import { toOneLine } from './neutralize.ts';
import { type Column, cut, showTable } from './table.ts';

const COLUMNS: Column<Event>[] = [
  { head: 'event', cell: ({ id }) => String(id) },
  { head: 'time', cell: ({ created_at }) => toLocalTime(created_at) },
  { head: 'agent', cell: ({ agent }) => agent ?? '', cuttable: true },
  { head: 'action', cell: ({ action }) => action },
  { head: 'of', cell: ({ task_id, doc_id }) => task_id ?? doc_id ?? '' },
  { head: 'detail', cell: ({ detail }) => showDetail(detail), flexible: true },
];

export function showEvents(events: readonly Event[]): string {
  return events.length === 0 ? colours.dim('no events') : showTable(events, COLUMNS);
}

/** One event on one line, for a log that goes on. */
export function showEvent(event: Event): string {
  const line = COLUMNS.map((column) => toOneLine(column.cell(event)))
    .filter((cell) => cell !== '')
    .join('  ');
  return cut(line, process.stdout.columns || Number.POSITIVE_INFINITY).trimEnd();
}

/** Changed fields as `status: open → review`, all else as `note: …`. */
function showDetail(detail: Event['detail']): string {
  return Object.entries(detail)
    .map(([name, value]) =>
      Array.isArray(value) && value.length === 2
        ? `${name}: ${showValue(value[0])} → ${showValue(value[1])}`
        : `${name}: ${showValue(value)}`,
    )
    .join(', ');
}

function showValue(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function toLocalTime(iso: string): string {
  const time = new Date(iso);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = `${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  const minute = `${two(time.getHours())}:${two(time.getMinutes())}`;
  // Year and seconds would leave no room for what happened.
  if (process.stdout.columns < 80) return `${day} ${minute}`;
  return `${time.getFullYear()}-${day} ${minute}:${two(time.getSeconds())}`;
}
